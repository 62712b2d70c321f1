package io.lunbridge.bench;

import io.lunbridge.interop.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The options that {@code scripts/lunbridge} gives the JVM, learnt by letting it start a Java that only notes them. */
final class LauncherOptions {

    private static final Path LAUNCHER = Path.of("../scripts/lunbridge");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private LauncherOptions() {}

    /** For this Java and the given command of lunbridge. */
    static List<String> of(String command) throws IOException {
        Path home = Files.createTempDirectory("lunbridge-options-");
        try {
            Path launcher = Files.copy(
                    LAUNCHER, Files.createDirectory(home.resolve("bin")).resolve("lunbridge"));
            Files.createDirectories(home.resolve("lib/lunbridge/lib"));
            Files.createFile(home.resolve("lib/lunbridge/cli-none.jar"));
            Map<String, String> environment =
                    Map.of("JAVA_HOME", notingJava(home.resolve("java")).toString(), "LUNBRIDGE_JAVA_OPTIONS", "");
            List<String> started = Processes.outcome(LIMIT, environment, List.of(launcher.toString(), command))
                    .orFail()
                    .output()
                    .lines()
                    .toList();
            // The home that it names is gone when these are used; nothing but names of files is derived from it.
            return new ArrayList<>(started.subList(0, started.indexOf("-cp")));
        } finally {
            delete(home);
        }
    }

    /** A JAVA_HOME of this Java's version whose java prints its arguments, a line each. */
    private static Path notingJava(Path home) throws IOException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(
                home.resolve("release"), "JAVA_VERSION=\"" + Runtime.version().feature() + "\"\n");
        return home;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
