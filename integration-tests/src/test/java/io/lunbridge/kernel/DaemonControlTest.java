package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code lunbridge daemon} with a real target and a real kernel, as commands, a service manager and other users see it. */
class DaemonControlTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.DAEMON_CONTROL.checks();
    }
}
