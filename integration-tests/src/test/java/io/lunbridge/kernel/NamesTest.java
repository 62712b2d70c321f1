package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The links of a device below /dev/disk, on a machine without udev: made by the daemon itself. */
class NamesTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.NAMES.checks();
    }
}
