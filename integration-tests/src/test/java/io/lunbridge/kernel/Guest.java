package io.lunbridge.kernel;

import io.lunbridge.commands.Main;
import io.lunbridge.interop.Processes;
import io.lunbridge.iscsiadm.Iscsiadm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Runs programs in a User Mode Linux guest, by {@code scripts/uml}. */
final class Guest {

    /** For what hangs; the guest is slow where the host is busy. */
    static final Duration LIMIT = Duration.ofSeconds(610);

    private static final String LIMIT_SECONDS = "600";

    /**
     * Of JVMs that are there soon: the guest's CPU is one, and slow to give memory, each page of it. Without the last one a
     * JVM changes every page of its class archive.
     */
    private static final String QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:-AlwaysPreTouch"
            + " -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0";

    /** For the programs in a guest. */
    static final Map<String, String> QUICK_START = Map.of("LUNBRIDGE_JAVA_OPTIONS", QUICK_JAVA);

    private Guest() {}

    /** Runs lines of the shell one after the other in a guest, whose nbd module is not loaded at first. */
    static Processes.Outcome run(String memory, List<String> commands) {
        List<String> command = List.of(
                checkout().resolve("scripts/uml").toString(),
                "--mem",
                memory,
                "--seconds",
                LIMIT_SECONDS,
                "--no-nbd",
                "--",
                "bash",
                "-c",
                String.join(" && ", commands));
        return Processes.outcome(LIMIT, QUICK_START, command);
    }

    /** The line that runs a class's main method. It starts quickly rather than runs fast: the guest's CPU is slow. */
    static String java(Class<?> program) {
        return String.join(
                " ",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea -Xmx512m -Xshare:auto -XX:+UseSerialGC",
                QUICK_JAVA,
                "--enable-native-access=ALL-UNNAMED",
                // Netty would log that the guest has no network card.
                "-Dio.netty.machineId=02:00:00:00:00:00:00:01",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName());
    }

    /** By its launcher where the checkout is packaged, as {@code mvn verify} has it; else from the class path. */
    static String lunbridge() {
        return isPackaged() ? checkout().resolve("scripts/lunbridge").toString() : java(Main.class);
    }

    /** The same for {@code iscsiadm}. */
    static String iscsiadm() {
        return isPackaged() ? checkout().resolve("scripts/iscsiadm").toString() : java(Iscsiadm.class);
    }

    static boolean isPackaged() {
        return Files.isDirectory(checkout().resolve("cli/target/lib"));
    }

    /** The checkout's root, found from wherever the tests are run. */
    static Path checkout() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null) {
            if (Files.isExecutable(directory.resolve("scripts/uml"))) {
                return directory;
            }
            directory = directory.getParent();
        }
        throw new AssertionError("no scripts/uml above the working directory");
    }
}
