package io.lunbridge.kernel;

import io.lunbridge.commands.Main;
import java.net.URISyntaxException;
import java.nio.file.Files;
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
        return Guest.checks("bash " + script + " " + lunbridge());
    }

    /** By its launcher where the checkout is packaged, as {@code mvn verify} has it; else from the class path. */
    private static String lunbridge() {
        Path checkout = Guest.checkout();
        return Files.isDirectory(checkout.resolve("cli/target/lib"))
                ? checkout.resolve("scripts/lunbridge").toString()
                : Guest.java(Main.class);
    }
}
