package io.lunbridge.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.interop.NeedsTools;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What systemd and udev make of it: a Debian boots in the guest with one automatic device and one line in fstab, is used,
 * shut down and booted again; and another one boots while its target is down. Not part of a smoke run. Installs the checkout,
 * which {@code mvn verify} has packaged.
 */
@NeedsTools({"mmdebstrap", "mkfs.ext4"})
class DebianTest {

    @TestFactory
    Stream<DynamicTest> boots() throws Exception {
        return checks(GuestProgram.DEBIAN);
    }

    @TestFactory
    Stream<DynamicTest> bootsWithoutItsTarget() throws Exception {
        return checks(GuestProgram.DEBIAN_ALONE);
    }

    private static Stream<DynamicTest> checks(GuestProgram program) throws Exception {
        assumeTrue(Guest.isPackaged(), "the checkout is not packaged");
        return program.checks();
    }
}
