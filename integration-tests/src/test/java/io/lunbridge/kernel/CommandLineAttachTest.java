package io.lunbridge.kernel;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The whole chain on a real target and a real kernel: tgt, the command line, and {@code /dev/nbdN}. */
class CommandLineAttachTest {

    private static final String SCRIPT = "attach-a-lun.sh";

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws URISyntaxException {
        Path script = Path.of(
                Objects.requireNonNull(getClass().getResource(SCRIPT), SCRIPT).toURI());
        return Guest.checks("bash " + script + " " + Guest.lunbridge());
    }
}
