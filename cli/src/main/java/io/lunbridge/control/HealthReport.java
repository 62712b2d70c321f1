package io.lunbridge.control;

import io.lunbridge.daemon.Report;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager every few seconds how the devices are, and that the daemon is alive. The devices are asked on
 * their event loops: while a loop does not turn, the daemon is not called alive, and the service manager's watchdog bites.
 */
final class HealthReport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthReport.class);
    private static final long INTERVAL_MILLIS = 5000;

    /** The state of a device whose event loop has not answered in time. */
    private static final String UNKNOWN = "unknown";

    private final Supervisor supervisor;
    private final Supplier<List<Report>> devices;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lunbridge-health");
        thread.setDaemon(true);
        return thread;
    });

    private volatile String stage = "";

    private HealthReport(Supervisor supervisor, Supplier<List<Report>> devices) {
        this.supervisor = supervisor;
        this.devices = devices;
    }

    /**
     * Begins.
     *
     * @param devices asked on a thread that may wait
     */
    static HealthReport start(Supervisor supervisor, Supplier<List<Report>> devices) {
        HealthReport health = new HealthReport(supervisor, devices);
        long watchdog = supervisor.watchdogMillis();
        long interval = watchdog == 0 ? INTERVAL_MILLIS : Math.max(1, Math.min(INTERVAL_MILLIS, watchdog / 2));
        var unused = health.timer.scheduleAtFixedRate(health::tell, 0, interval, TimeUnit.MILLISECONDS);
        return health;
    }

    /** What the daemon is about, from now on. */
    void begin(String newStage) {
        stage = newStage;
    }

    private void tell() {
        try {
            List<Report> reports = devices.get();
            String status = Supervisor.status(stage + text(reports));
            if (isTurning(reports)) {
                supervisor.tell(status, Supervisor.ALIVE);
            } else {
                supervisor.tell(status);
            }
        } catch (RuntimeException e) {
            LOG.error("the devices cannot be asked how they are", e);
        }
    }

    /** Whether every device could be asked how it is. */
    private static boolean isTurning(List<Report> reports) {
        return reports.stream()
                .noneMatch(report -> UNKNOWN.equals(report.values().get("state")));
    }

    /** How many devices, how many of them in which other state than the usual, and when requests will fail. */
    static String text(List<Report> reports) {
        Map<String, Integer> states = new TreeMap<>();
        long secondsLeft = Long.MAX_VALUE;
        List<Report> ours = reports.stream().filter(HealthReport::isOurs).toList();
        for (Report report : ours) {
            states.merge(String.valueOf(report.values().get("state")), 1, Integer::sum);
            if (report.values().get("secondsLeft") instanceof Number seconds && seconds.longValue() >= 0) {
                secondsLeft = Math.min(secondsLeft, seconds.longValue());
            }
        }
        Integer well = states.remove("attached");
        StringBuilder text = new StringBuilder(ours.size() == 1 ? "1 device" : ours.size() + " devices");
        if (well != null && !states.isEmpty()) {
            text.append(", ").append(well).append(" attached");
        }
        states.forEach(
                (state, count) -> text.append(", ").append(count).append(' ').append(state));
        if (secondsLeft != Long.MAX_VALUE) {
            text.append("; requests wait for ").append(secondsLeft).append(" s more");
        }
        return text.toString();
    }

    /** A list holds the nbd devices of others too, of which no target is known. */
    private static boolean isOurs(Report device) {
        return device.values().get("target") != null;
    }

    /** Nothing is told any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
