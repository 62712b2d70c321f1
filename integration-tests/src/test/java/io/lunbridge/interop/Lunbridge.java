package io.lunbridge.interop;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs {@code lunbridge} as a user does: by its launcher where the module cli has been packaged (as in {@code mvn
 * verify}), else by its main class on the class path of the tests.
 */
final class Lunbridge {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Lunbridge() {}

    /**
     * How a command ended.
     *
     * @param out standard output
     * @param err standard error
     */
    record Outcome(int exitCode, String out, String err) {}

    static boolean isPackaged() {
        return Files.isDirectory(ROOT.resolve("cli/target/lib"));
    }

    /** The command line that a shell would be given. */
    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        if (isPackaged()) {
            command.add(ROOT.resolve("scripts/lunbridge").toString());
        } else {
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            command.addAll(List.of(
                    System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classPath,
                    "io.lunbridge.commands.Main"));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    /** The Java of the tests, which the launcher shall take too. */
    static Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"));
    }

    /** Runs to the end. */
    static Outcome run(String... arguments) {
        return run(List.of(), arguments);
    }

    /** Runs to the end, by another program, as {@code setpriv}. */
    static Outcome run(List<String> runner, String... arguments) {
        Path err = Processes.temporaryFile();
        try {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>\"$0\"", err.toString()));
            command.addAll(runner);
            command.addAll(command(arguments));
            Processes.Outcome outcome = Processes.outcome(LIMIT, environment(), command);
            return new Outcome(outcome.exitStatus(), outcome.output(), Processes.text(err));
        } finally {
            Processes.delete(err);
        }
    }

    /** Starts a command that stays. */
    static BackgroundProcess start(String... arguments) {
        return BackgroundProcess.start(environment(), command(arguments));
    }
}
