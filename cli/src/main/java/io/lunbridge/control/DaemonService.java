package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.SelfTest;
import io.lunbridge.daemon.StopSignal;
import io.lunbridge.devices.Devices;
import io.lunbridge.host.Hardening;
import io.lunbridge.sessions.NodeSessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon from its start to its end, on the main thread.
 *
 * <pre>
 *  take the lock → take over the devices of the one before → control socket → configured devices → ready
 *  SIGTERM, SIGINT: detach what is idle, serve what is busy until it is not, log out
 *  SIGUSR2, verb release: let go of all without detaching
 * </pre>
 */
public final class DaemonService {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonService.class);
    private static final String START_SECONDS = "LUNBRIDGE_START_SECONDS";
    private static final long DEFAULT_START_SECONDS = 30;
    private static final long RETRY_MILLIS = 5000;
    private static final long TELL_MILLIS = 2000;

    /** Where the devices come from. */
    interface Opening {
        Devices open() throws CommandException;
    }

    private final Root root;
    private final Map<String, String> environment;
    private final StopSignal stop;
    private final boolean logsIn;
    private final Opening opening;
    private final CompletableFuture<Void> releasing = new CompletableFuture<>();

    /**
     * @param environment the process's, for what a service manager and an administrator say there: {@code NOTIFY_SOCKET},
     *     {@code WATCHDOG_USEC}, {@code LUNBRIDGE_START_SECONDS}
     * @param logsIn whether it is iscsid, which logs in to the automatic node records
     */
    public DaemonService(Root root, Map<String, String> environment, StopSignal stop, boolean logsIn) {
        this(root, environment, stop, logsIn, () -> Devices.open(root));
    }

    DaemonService(Root root, Map<String, String> environment, StopSignal stop, boolean logsIn, Opening opening) {
        this.root = root;
        this.logsIn = logsIn;
        this.environment = environment;
        this.stop = stop;
        this.opening = opening;
    }

    /** Returns when the process shall end, and no device is held any more. Called by the thread that a stop interrupts. */
    public void run() throws CommandException {
        long unused = startMillis();
        Thread main = Thread.currentThread();
        ReleaseSignal.onSignal(() -> release(main));
        try (Supervisor supervisor = Supervisor.of(environment)) {
            Devices devices = opening.open();
            DaemonEnd end = new DaemonEnd(held(devices), supervisor, releasing, TELL_MILLIS);
            try {
                serve(supervisor, devices, new DeviceVerbs(devices, () -> release(main)), end);
            } catch (CommandException e) {
                if (!stop.isRequested()) {
                    // What the daemon before has left is not ours to end.
                    devices.release();
                    throw e;
                }
                LOG.info("told to stop before it was ready: {}", e.sentence());
                finish(end);
            }
        }
    }

    private void serve(Supervisor supervisor, Devices devices, DeviceVerbs verbs, DaemonEnd end)
            throws CommandException {
        Hardening.apply();
        supervisor.tell(Supervisor.status("taking over what the daemon before has left"));
        NodeDatabase database = NodeDatabase.of(root);
        NodeSessions sessions = NodeSessions.open(root, devices, database::hostSettings);
        takeOver(devices);
        SessionVerbs sessionVerbs = new SessionVerbs(sessions, database);
        ControlServer control = ControlServer.start(root.controlSocket(), new AllVerbs(verbs, sessionVerbs));
        HealthReport health = HealthReport.start(supervisor, devices::list);
        try {
            untilStopped(supervisor, devices, health, sessions);
            health.begin("stopping when nothing is in use any more: ");
            // Still to be listed, detached and failed, but no more is attached.
            verbs.stop();
            sessionVerbs.stop();
            finish(end);
        } finally {
            health.close();
            control.close();
        }
    }

    private static void takeOver(Devices devices) throws CommandException {
        try {
            devices.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void untilStopped(Supervisor supervisor, Devices devices, HealthReport health, NodeSessions sessions)
            throws CommandException {
        long startMillis = startMillis();
        try (AutomaticStart automatic = AutomaticDevices.start(configured(), devices::attach, RETRY_MILLIS);
                AutomaticStart logins = logIns(sessions);
                RepeatedDiscoveries discoveries = new RepeatedDiscoveries(root, sessions)) {
            if (logsIn) {
                discoveries.begin();
            }
            health.begin("attaching the configured devices: ");
            long startNanos = System.nanoTime();
            long missing = automatic.await(startMillis);
            long leftMillis = startMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
            long loggedOut = logins.await(Math.max(0, leftMillis));
            if (loggedOut > 0) {
                LOG.warn("{} automatic nodes are not logged in to yet, and are still tried", loggedOut);
            }
            if (missing > 0) {
                LOG.warn(
                        "{} configured devices are not there after {} s, and are still tried",
                        missing,
                        startMillis / 1000);
            }
            health.begin("");
            supervisor.tell(Supervisor.READY);
            LOG.info("ready");
            SelfTest.start();
            stop.await();
        } catch (InterruptedException e) {
            LOG.info("told to stop before it was ready");
        }
    }

    private AutomaticStart logIns(NodeSessions sessions) {
        return AutomaticLogins.start(
                logsIn ? NodeDatabase.of(root).automatic() : List.of(),
                record -> sessions.logIn(record, false),
                RETRY_MILLIS);
    }

    private void finish(DaemonEnd end) {
        // The devices have their own limit, which is not that of a command's cleaning up.
        stop.extend();
        end.run();
    }

    /** Any thread. */
    private void release(Thread main) {
        LOG.info("told to let go of the devices, for another daemon");
        releasing.complete(null);
        stop.request();
        main.interrupt();
    }

    private List<DeviceConfiguration> configured() {
        Path directory = root.configuredDevices();
        List<DeviceConfiguration> devices = new ArrayList<>();
        for (String name : DeviceConfiguration.names(directory)) {
            try {
                devices.add(DeviceConfiguration.read(directory, name));
            } catch (CommandException e) {
                LOG.error(e.sentence());
            }
        }
        return devices;
    }

    private static DaemonEnd.Held held(Devices devices) {
        return new DaemonEnd.Held() {
            @Override
            public void close() {
                devices.close();
            }

            @Override
            public void hurry() {
                devices.hurry();
            }

            @Override
            public void release() {
                devices.release();
            }
        };
    }

    private long startMillis() throws CommandException {
        String text = environment.getOrDefault(START_SECONDS, "");
        if (text.isEmpty()) {
            return TimeUnit.SECONDS.toMillis(DEFAULT_START_SECONDS);
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw new CommandException(
                    ExitCode.USAGE, START_SECONDS + " is '" + text + "'; it must be a number of seconds");
        }
        return TimeUnit.SECONDS.toMillis(Long.parseLong(text));
    }
}
