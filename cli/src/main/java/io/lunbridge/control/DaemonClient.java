package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Progress;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import io.lunbridge.devices.AttachSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The daemon as commands see it: each call is a request, and tells a terminal what it waits for. */
public final class DaemonClient {

    static final String ATTACH = "attach";
    static final String SPEC = "spec";
    static final String DETACH = "detach";
    static final String DEVICE = "device";
    static final String FORCE = "force";
    static final String FAIL = "fail";
    static final String LIST = "list";
    static final String FROM = "from";
    static final String DEVICES = "devices";
    static final String NEXT = "next";
    static final String RELEASE = "release";

    private final ControlClient control;

    public DaemonClient(Root root) {
        control = new ControlClient(root.controlSocket());
    }

    /**
     * Attaches.
     *
     * @return the device, or null if there is no daemon
     */
    public @Nullable String attach(AttachSpec spec) throws CommandException {
        Map<String, Object> results = change(ATTACH, Map.of(SPEC, spec.toMap()));
        return results == null ? null : text(results, DEVICE);
    }

    /** Detaches. Whether there is a daemon that did so. */
    public boolean detach(String device, boolean force) throws CommandException {
        return change(DETACH, Map.of(DEVICE, device, FORCE, force)) != null;
    }

    /** Fails what waits for the device's target. Whether there is a daemon that did so. */
    public boolean fail(String device) throws CommandException {
        return change(FAIL, Map.of(DEVICE, device)) != null;
    }

    /** The daemon's devices, or null if there is no daemon. */
    public @Nullable List<Report> list() throws CommandException, InterruptedException {
        List<Report> reports = new ArrayList<>();
        Object from = 0;
        while (from != null) {
            Map<String, Object> results = ask(LIST, Map.of(FROM, from));
            if (results == null) {
                return null;
            }
            if (results.get(DEVICES) instanceof List<?> devices) {
                devices.forEach(device -> reports.add(report(device)));
            }
            from = results.get(NEXT);
        }
        return reports;
    }

    private static Report report(Object device) {
        Report report = new Report();
        if (device instanceof Map<?, ?> values) {
            values.forEach((key, value) -> report.put(String.valueOf(key), value));
        }
        return report;
    }

    /** What is begun goes on when this process is told to stop. */
    private @Nullable Map<String, Object> change(String verb, Map<String, ?> arguments) throws CommandException {
        try {
            return ask(verb, arguments);
        } catch (InterruptedException e) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "stopped waiting, but the daemon goes on (" + verb + "); 'lunbridge list' shows what came of it",
                    e);
        }
    }

    private @Nullable Map<String, Object> ask(String verb, Map<String, ?> arguments)
            throws CommandException, InterruptedException {
        try (Progress progress = Progress.onStandardError()) {
            return control.ask(
                    verb,
                    arguments,
                    seconds -> progress.step("the daemon is at work: " + verb + ", " + seconds + " s"));
        }
    }

    private static String text(Map<String, Object> results, String key) throws CommandException {
        if (results.get(key) instanceof String text) {
            return text;
        }
        throw new CommandException(ExitCode.FAILURE, "the daemon's answer holds no " + key + "; it may be older");
    }
}
