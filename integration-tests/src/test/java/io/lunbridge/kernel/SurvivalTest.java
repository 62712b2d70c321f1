package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** File systems under verified I/O while the daemon, and the target too, die and are started again. */
@Tag("lun")
class SurvivalTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.SURVIVAL.checks();
    }
}
