package io.lunbridge.interop;

import io.lunbridge.control.ControlClient;
import io.lunbridge.control.SocketDaemon;
import io.lunbridge.daemon.CommandException;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A daemon whose devices are sockets, below a directory of the test's, and what a client asks it. */
final class SessionDaemon implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Path directory;
    private final TestNetwork network;
    private final List<String> more;
    private BackgroundProcess process;

    /** @param more {@code iscsid} for one that logs in by itself */
    SessionDaemon(Path directory, String... more) {
        this(directory, TestNetwork.LOOPBACK, more);
    }

    /** The same at that network's initiator. */
    SessionDaemon(Path directory, TestNetwork network, String... more) {
        this.directory = directory;
        this.network = network;
        this.more = List.of(more);
        process = launch();
    }

    private BackgroundProcess launch() {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(network.atInitiator());
        command.addAll(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djnr.ffi.asm.enabled=false",
                SocketDaemon.class.getName(),
                directory.toString()));
        command.addAll(more);
        BackgroundProcess next = BackgroundProcess.start(Map.of("CLASSPATH", classPath), command);
        next.awaitLine("DaemonService: ready", START_LIMIT);
        return next;
    }

    /** Ends it as SIGKILL does, and starts the next one. */
    void crash() {
        process.close();
        process = launch();
    }

    /** Ends it by a signal, and starts the next one. */
    void restart(String signal) {
        process.signal(signal);
        process.awaitExit(STOP_LIMIT);
        process.close();
        process = launch();
    }

    String output() {
        return process.output();
    }

    /** Asks one thing. */
    Map<String, Object> ask(String verb, Map<String, ?> arguments) throws CommandException, InterruptedException {
        Map<String, Object> answer =
                new ControlClient(directory.resolve("run/lunbridge/control")).ask(verb, arguments, seconds -> {});
        if (answer == null) {
            throw new AssertionError("nobody answers: " + output());
        }
        return answer;
    }

    int logIn(Map<String, String> record) throws CommandException, InterruptedException {
        return (int)
                Objects.requireNonNull(ask("login", Map.of("record", record)).get("sid"));
    }

    List<Map<String, Object>> sessions() throws CommandException, InterruptedException {
        List<Map<String, Object>> sessions = new ArrayList<>();
        int from = 0;
        while (from >= 0) {
            Map<String, Object> answer = ask("sessions", Map.of("from", from));
            for (Object each : (List<?>) Objects.requireNonNull(answer.get("sessions"))) {
                Map<String, Object> session = new HashMap<>();
                ((Map<?, ?>) each).forEach((key, value) -> session.put(String.valueOf(key), value));
                sessions.add(session);
            }
            from = answer.get("next") instanceof Integer next ? next : -1;
        }
        return sessions;
    }

    /** The only session. */
    Map<String, Object> session() throws CommandException, InterruptedException {
        List<Map<String, Object>> sessions = sessions();
        if (sessions.size() != 1) {
            throw new AssertionError(sessions + " is not one session");
        }
        return sessions.get(0);
    }

    /** Whether the kernel, or what stands for it, has a device. */
    boolean hasDevice(String name) {
        return Files.exists(directory.resolve("kernel").resolve(name));
    }

    Path kernelFile(String name) {
        return directory.resolve("kernel").resolve(name);
    }

    @Override
    public void close() {
        process.close();
    }
}
