package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The daemon dies in the middle of attaching, detaching and reattaching; the next one clears up. */
@Tag("lun")
class CrashPointsTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.CRASH_POINTS.checks();
    }
}
