package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Report;
import io.lunbridge.devices.AttachSpec;
import io.lunbridge.devices.Devices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The daemon's verbs: what {@link Devices} does, on behalf of a client. */
final class DeviceVerbs implements ControlHandler {

    /** Of one answer: a device's report is some hundred bytes, and some of them come from the target. */
    private static final int MAX_LISTED = 32;

    private static final Map<String, Set<String>> VERBS = Map.of(
            DaemonClient.ATTACH, Set.of(DaemonClient.SPEC),
            DaemonClient.DETACH, Set.of(DaemonClient.DEVICE, DaemonClient.FORCE),
            DaemonClient.FAIL, Set.of(DaemonClient.DEVICE),
            DaemonClient.LIST, Set.of(DaemonClient.FROM),
            DaemonClient.RELEASE, Set.of());

    private final Devices devices;
    private final Runnable release;
    private volatile boolean stopping;

    /** @param release makes the daemon let go of its devices and end */
    DeviceVerbs(Devices devices, Runnable release) {
        this.devices = devices;
        this.release = release;
    }

    @Override
    public Map<String, Set<String>> verbs() {
        return VERBS;
    }

    @Override
    public Map<String, @Nullable Object> answer(ControlRequest request) throws CommandException, InterruptedException {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        switch (request.verb()) {
            case DaemonClient.ATTACH -> results.put(DaemonClient.DEVICE, attach(request.object(DaemonClient.SPEC)));
            case DaemonClient.DETACH ->
                devices.detach(request.text(DaemonClient.DEVICE), request.flag(DaemonClient.FORCE));
            case DaemonClient.FAIL -> devices.fail(request.text(DaemonClient.DEVICE));
            case DaemonClient.LIST -> results.putAll(list(request.number(DaemonClient.FROM)));
            case DaemonClient.RELEASE -> release.run();
            default -> throw new IllegalStateException(request.verb());
        }
        return results;
    }

    /** From now on nothing more is attached. Any thread. */
    void stop() {
        stopping = true;
    }

    private String attach(Map<String, Object> spec) throws CommandException, InterruptedException {
        if (stopping) {
            throw new CommandException(ExitCode.FAILURE, "the daemon stops; try again when it runs again");
        }
        for (String key : spec.keySet()) {
            if (!AttachSpec.KEYS.contains(key)) {
                throw new CommandException(
                        ExitCode.FAILURE,
                        "the daemon does not know the setting '" + key
                                + "'; it may be older than this command: restart it");
            }
        }
        return devices.attach(AttachSpec.fromMap(spec));
    }

    private Map<String, @Nullable Object> list(int from) {
        List<Report> all = devices.list();
        int first = Math.min(from, all.size());
        int end = Math.min(first + MAX_LISTED, all.size());
        List<Map<String, @Nullable Object>> listed = new ArrayList<>();
        all.subList(first, end).forEach(report -> listed.add(report.values()));
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        results.put(DaemonClient.DEVICES, listed);
        if (end < all.size()) {
            results.put(DaemonClient.NEXT, end);
        }
        return results;
    }
}
