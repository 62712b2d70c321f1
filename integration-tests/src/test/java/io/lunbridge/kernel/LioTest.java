package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** LIO, the target of the Linux kernel, inside the guest together with {@code lunbridge serve}. */
@Tag("lun")
class LioTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.LIO.checks();
    }
}
