package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Sizes, protection, sockets and the driver's module change under an attached device. */
@Tag("lun")
class DeviceChangesTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.DEVICE_CHANGES.checks();
    }
}
