package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** iscsid's sessions with a real target and a real kernel. */
class NodeSessionsTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.NODE_SESSIONS.checks();
    }
}
