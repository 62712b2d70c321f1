package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The kernel's multipath over two devices that lead to one LUN, alone and with multipathd. */
@Tag("lun")
class MultipathTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.MULTIPATH.checks();
    }

    @TestFactory
    Stream<DynamicTest> byMultipathd() throws Exception {
        return GuestProgram.MULTIPATHD.checks();
    }
}
