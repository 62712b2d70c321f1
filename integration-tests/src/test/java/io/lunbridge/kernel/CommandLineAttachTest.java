package io.lunbridge.kernel;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The whole chain on a real target and a real kernel: tgt, the command line, and {@code /dev/nbdN}. */
@Tag("lun")
class CommandLineAttachTest {

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws Exception {
        return GuestProgram.COMMAND_LINE.checks();
    }
}
