package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A host that is out of memory, and can have some only by writing to a disk that is served on itself. */
class MemoryPressureTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestChecks.SMOKE ? Stream.of() : GuestProgram.MEMORY_PRESSURE.checks();
    }
}
