package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code lunbridge serve URL --socket PATH} as a process of its own, as a user starts it, but on the classes of this
 * build. Ready when the constructor is through.
 */
public final class ServedLun implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    /** What lunbridge keeps between its lives goes with the build. */
    private static final Path STATE = Path.of("target/lunbridge-root");

    /** It checks itself; and is started for some seconds, too few for a second compiler to be worth its time. */
    private static final String CHECKED = "-ea -Dio.netty.leakDetection.level=simple -XX:TieredStopAtLevel=1";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final Path directory;
    private final Path socket;
    private final BackgroundProcess process;
    private final String uri;

    /** Serves the LUN with these further options. */
    public ServedLun(String lunUrl, String... options) {
        this(Map.of(), lunUrl, options);
    }

    /** As {@link #ServedLun(String, String...)}, with further environment variables. */
    ServedLun(Map<String, String> environment, String lunUrl, String... options) {
        try {
            directory = Files.createTempDirectory("lunbridge-serve-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        socket = directory.resolve("nbd.sock");
        Map<String, String> variables = new HashMap<>(environment);
        variables.putAll(Lunbridge.environment());
        variables.put("LUNBRIDGE_JAVA_OPTIONS", CHECKED);
        variables.putIfAbsent("LUNBRIDGE_ROOT", STATE.toAbsolutePath().toString());
        process = BackgroundProcess.start(variables, command(lunUrl, options));
        String line = process.awaitLine("nbd", START_LIMIT);
        uri = line.substring(line.indexOf("nbd"));
    }

    private List<String> command(String lunUrl, String... options) {
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of("serve", lunUrl, "--socket", socket.toString()));
        command.addAll(List.of(options));
        return command;
    }

    /** By the launcher, whose start is cheap, where the jar that it takes is this build's; else from the class path. */
    private static List<String> program() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        if (classPath.contains("/cli/target/cli-")) {
            return Lunbridge.command();
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-ea",
                "-XX:TieredStopAtLevel=1",
                "-Djnr.ffi.asm.enabled=false",
                "-cp",
                classPath,
                "io.lunbridge.commands.Main");
    }

    /** The URI from the ready line. */
    public String uri() {
        return uri;
    }

    public Path socket() {
        return socket;
    }

    public BackgroundProcess process() {
        return process;
    }

    /** Ends it by SIGTERM and returns its exit status. */
    public int terminate() {
        process.signal("TERM");
        return process.awaitExit(STOP_LIMIT);
    }

    @Override
    public void close() {
        process.close();
        Processes.delete(socket);
        Processes.delete(directory);
    }
}
