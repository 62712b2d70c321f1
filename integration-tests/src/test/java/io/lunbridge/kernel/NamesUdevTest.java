package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** udev and the kernel initiator beside us: the same LUN has the same names in both worlds. */
class NamesUdevTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.NAMES_UDEV.checks();
    }
}
