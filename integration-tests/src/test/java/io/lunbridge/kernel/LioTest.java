package io.lunbridge.kernel;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** LIO, the target of the Linux kernel, inside the guest together with {@code lunbridge serve}. */
class LioTest {

    private static final String SCRIPT = "lio.sh";

    @TestFactory
    Stream<DynamicTest> inTheGuest() throws URISyntaxException {
        Path script = Path.of(
                Objects.requireNonNull(getClass().getResource(SCRIPT), SCRIPT).toURI());
        return Guest.checks("bash " + script + " " + Guest.lunbridge());
    }
}
