package io.lunbridge.devices;

import com.fasterxml.jackson.jr.ob.JSON;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A process that holds devices, told what to do by lines on its standard input, and answering each by a line. */
final class DaemonProcess implements AutoCloseable {

    private static final String DEAD = "dead";

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    private DaemonProcess(Process process) {
        this.process = process;
        answers = process.inputReader();
        orders = process.outputWriter();
    }

    /** Starts one that dies at that step, where there is one, and waits until it has taken over what there is. */
    static DaemonProcess start(Path directory, @Nullable Step crashAt) throws IOException {
        return start(directory, crashAt, 60);
    }

    /** The same for one that serves busy devices for so long when it is told to stop. */
    static DaemonProcess start(Path directory, @Nullable Step crashAt, int stopSeconds) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        DaemonProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LUNBRIDGE_STOP_SECONDS", String.valueOf(stopSeconds));
        if (crashAt != null) {
            builder.environment()
                    .put(
                            "LUNBRIDGE_CRASH_AT",
                            crashAt.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        DaemonProcess daemon = new DaemonProcess(builder.start());
        String first = daemon.answer();
        if (!first.equals("ready") && !(crashAt != null && first.equals(DEAD))) {
            throw new IOException("the daemon did not start: " + first);
        }
        return daemon;
    }

    /** One order and its answer: {@code ok …}, {@code error …}, or {@code dead}. */
    String tell(String order) throws IOException {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            return DEAD;
        }
        return answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        return line == null ? DEAD : line;
    }

    /** Its only device, as {@code list} shows it. */
    Map<String, Object> device() throws IOException {
        List<Object> devices = JSON.std.listFrom(tell("list").substring("ok ".length()));
        if (devices.size() != 1 || !(devices.get(0) instanceof Map<?, ?> device)) {
            throw new IOException(devices + " is not one device");
        }
        Map<String, Object> facts = new HashMap<>();
        device.forEach((key, value) -> facts.put(String.valueOf(key), value));
        return facts;
    }

    /** As by SIGKILL. Returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    void awaitEnd() {
        long pid = process.pid();
        try {
            var unused = process.onExit().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("daemon " + pid + " does not end", e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        Devices devices =
                Devices.open(Root.below(directory), new SocketKernel(directory.resolve("kernel")), Step.AS_TOLD);
        devices.start();
        System.out.println("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            List<String> words = new ArrayList<>(List.of(order.split(" ")));
            try {
                System.out.println("ok " + run(devices, words.remove(0), words));
            } catch (CommandException e) {
                System.out.println("error " + e.exitCode() + " " + e.sentence());
            }
        }
        System.exit(0);
    }

    private static String run(Devices devices, String verb, List<String> words) throws Exception {
        switch (verb) {
            case "attach" -> {
                Map<String, String> spec = new HashMap<>();
                words.forEach(word -> spec.put(word.split("=", 2)[0], word.split("=", 2)[1]));
                return devices.attach(AttachSpec.fromMap(spec));
            }
            case "detach" -> devices.detach(words.get(0), words.contains("force"));
            case "fail" -> devices.fail(words.get(0));
            case "list" -> {
                return Objects.requireNonNull(JSON.std.asString(
                        devices.list().stream().map(Report::values).toList()));
            }
            case "release" -> devices.release();
            case "stop" -> devices.close();
            default -> throw new IllegalArgumentException(verb);
        }
        return "";
    }
}
