package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.KernelFailures;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.SessionIdentity;
import io.lunbridge.names.DeviceLinks;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that this process holds. Every method blocks, may be called by any thread that may, and tells what the user
 * can do about it where it fails; operations on one device come one after the other, those on several side by side.
 */
public final class Devices implements AutoCloseable {

    /** Most devices of one daemon. */
    static final int MAX_DEVICES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
    private static final int ID_BYTES = 8;

    /** For giving the kernel new sockets at a start. */
    private static final long MAX_TAKE_OVER_MILLIS = 15_000;

    /** For a release of all devices, and the logouts after it. */
    private static final long MAX_RELEASE_MILLIS = 20_000;

    /** How long busy devices are served by a daemon that shall stop, unless the environment says otherwise. */
    private static final long DEFAULT_STOP_SECONDS = 80;

    private final SecureRandom random = new SecureRandom();
    private final DaemonLock lock;
    private final Means means;
    private final long stopSeconds;
    private final Map<String, HeldDevice> held = new LinkedHashMap<>();
    private final Set<SessionHold> holds = new HashSet<>();
    private boolean closing;
    private volatile boolean hurried;

    private Devices(DaemonLock lock, Means means, long stopSeconds) {
        this.lock = lock;
        this.means = means;
        this.stopSeconds = stopSeconds;
    }

    /**
     * Takes the place of this host's only daemon.
     *
     * @throws CommandException if there is one already
     */
    public static Devices open(Root root) throws CommandException {
        return open(root, new NbdKernel(), Step.AS_TOLD);
    }

    static Devices open(Root root, KernelSide kernel, Consumer<Step> reached) throws CommandException {
        try {
            StateFiles files = new StateFiles(root.devices());
            DaemonLock lock = DaemonLock.take(root.daemonLock());
            return new Devices(
                    lock,
                    new Means(files, kernel, new DeviceLinks(root.names()), new Targets(root), reached),
                    stopSeconds());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.NOT_PERMITTED, "the daemon cannot use " + root.run() + " (" + e + "); run it as root", e);
        }
    }

    private static long stopSeconds() {
        String text = System.getenv().getOrDefault("LUNBRIDGE_STOP_SECONDS", "");
        return text.matches("[0-9]{1,6}") ? Long.parseLong(text) : DEFAULT_STOP_SECONDS;
    }

    /**
     * Takes over what the previous daemon has left. Returns when the kernel's requests are taken again, or that has failed
     * once; the sessions return by themselves.
     *
     * @throws InterruptedException at the same moment, if the thread was interrupted meanwhile
     */
    public void start() throws CommandException, InterruptedException {
        List<DeviceState> states;
        try {
            states = means.files().read();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "the devices' state cannot be read: " + e, e);
        }
        List<CompletableFuture<?>> attempts = new ArrayList<>();
        for (DeviceState state : states) {
            HeldDevice device = new HeldDevice(means, state);
            hold(device);
            CompletableFuture<Boolean> attempt = new CompletableFuture<>();
            attempts.add(attempt);
            TakeOver takeOver = new TakeOver(device, () -> attempt.complete(true));
            Threads.start("takeover-" + state.id(), takeOver::run);
        }
        Threads.awaitAll(attempts, MAX_TAKE_OVER_MILLIS);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        means.links().reconcile(Set.of());
        warnOfOrphans(states.stream().map(DeviceState::backendIdentifier).collect(Collectors.toSet()));
    }

    private void warnOfOrphans(Set<String> known) {
        for (AttachedDevice device : means.kernel().list()) {
            String backend = device.backendIdentifier();
            if (backend != null && backend.startsWith(DeviceState.BACKEND_PREFIX) && !known.contains(backend)) {
                LOG.error(
                        "{} is of an earlier daemon, but nothing is known of its LUN; nobody serves it; free it with"
                                + " 'lunbridge detach --force {}'",
                        device.device(),
                        device.device());
            }
        }
    }

    private synchronized void hold(HeldDevice device) {
        held.put(device.state().id(), device);
        var unused = device.over().thenRun(() -> forget(device));
    }

    private synchronized void forget(HeldDevice device) {
        held.remove(device.state().id());
    }

    private synchronized List<HeldDevice> all() {
        return List.copyOf(held.values());
    }

    /**
     * Attaches; the same request again gives the same device.
     *
     * @return {@code /dev/nbdN}, which can be mounted
     */
    public String attach(AttachSpec spec) throws CommandException, InterruptedException {
        while (true) {
            HeldDevice fresh = new HeldDevice(means, new DeviceState(newId(), Phase.ATTACHING, spec, null, null));
            HeldDevice device = holdUnlessHeld(fresh);
            if (device == fresh) {
                return new Attach(device).run();
            }
            requireSame(device.state(), spec);
            String path = device.await();
            if (path != null) {
                return path;
            }
        }
    }

    /** The device that has that part of that LUN already, or the new one, which has it from now on. */
    private synchronized HeldDevice holdUnlessHeld(HeldDevice fresh) throws CommandException {
        if (closing) {
            throw new CommandException(ExitCode.FAILURE, "the daemon is about to end; attach when it runs again");
        }
        AttachSpec asked = fresh.state().spec();
        for (HeldDevice device : held.values()) {
            AttachSpec has = device.state().spec();
            if (has.sid() == asked.sid() && isSamePart(has.disk(), asked.disk())) {
                return device;
            }
            asked.disk().requireNoCacheBetween(has.disk());
        }
        if (held.size() == MAX_DEVICES) {
            throw new CommandException(
                    ExitCode.FAILURE, "the daemon holds " + MAX_DEVICES + " devices, which is all it can; detach some");
        }
        hold(fresh);
        return fresh;
    }

    private static boolean isSamePart(DiskRequest one, DiskRequest other) {
        return one.url().equals(other.url())
                && one.offsetBytes() == other.offsetBytes()
                && Objects.equals(one.lengthBytes(), other.lengthBytes());
    }

    private static void requireSame(DeviceState state, AttachSpec spec) throws CommandException {
        Map<String, Object> is = new TreeMap<>(state.spec().toMap());
        Map<String, Object> asked = new TreeMap<>(spec.toMap());
        is.put("device", String.valueOf(state.device()));
        if (spec.device() == null || state.device() == null) {
            asked.put("device", String.valueOf(state.device()));
        }
        is.keySet().removeIf(key -> Objects.equals(is.get(key), asked.remove(key)));
        Set<String> differing = new TreeSet<>(is.keySet());
        differing.addAll(asked.keySet());
        if (!differing.isEmpty()) {
            throw new CommandException(
                    ExitCode.BUSY,
                    spec.disk().identifier() + " is attached as " + state.device() + ", with another "
                            + String.join(", ", differing) + "; detach it first, or ask for the same");
        }
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Takes a device away, ours or not.
     *
     * @param device as {@code /dev/nbdN} or {@code nbdN}
     * @param force also while it is in use, or its target is dead: what is in flight fails
     */
    public void detach(String device, boolean force) throws CommandException, InterruptedException {
        NbdDevice parsed = parse(device);
        HeldDevice ours = find(parsed);
        if (ours == null) {
            var unused = means.kernel().detach(parsed, force);
        } else if (force) {
            ours.detachByForce();
        } else {
            ours.detach();
        }
    }

    /** Fails all that waits for the device's target, now; what comes later fails at once until the target is back. */
    public void fail(String device) throws CommandException {
        HeldDevice ours = find(parse(device));
        if (ours == null) {
            throw new CommandException(
                    ExitCode.FAILURE, device + " is not attached by this daemon; 'lunbridge list' shows what is");
        }
        ours.fail();
    }

    private @Nullable HeldDevice find(NbdDevice device) {
        return all().stream()
                .filter(each -> device.path().equals(each.state().device()))
                .findFirst()
                .orElse(null);
    }

    private static NbdDevice parse(String device) throws CommandException {
        try {
            return NbdDevice.parse(device);
        } catch (KernelException e) {
            throw KernelFailures.of(e);
        }
    }

    /**
     * Uses the session of a node record, from the first login on or from where an earlier process left it, whether it has
     * devices or not.
     *
     * @param node whose LUNs are attached with the same settings
     * @param identity of the session that the earlier process had; null if there was none
     */
    public SessionHold hold(NodeSettings node, @Nullable SessionIdentity identity) throws CommandException {
        SessionHold hold = new SessionHold(means.targets(), AttachSpec.of(node, 0), identity);
        synchronized (this) {
            if (!closing) {
                holds.add(hold);
                var unused = hold.over().thenRun(() -> forget(hold));
                return hold;
            }
        }
        hold.close();
        throw new CommandException(ExitCode.FAILURE, "the daemon is about to end; log in when it runs again");
    }

    private synchronized void forget(SessionHold hold) {
        holds.remove(hold);
    }

    /** The devices of a node record's session, in the order in which they came. */
    public List<SessionDevice> ofSession(int sid) {
        return ofSid(sid).stream().map(HeldDevice::asSessionDevice).toList();
    }

    /** Asks the LUNs of a session what targets may change without telling, sizes among it; does not wait for it. */
    public void recheckSession(int sid) {
        ofSid(sid).forEach(HeldDevice::recheck);
    }

    private List<HeldDevice> ofSid(int sid) {
        return all().stream().filter(each -> each.state().spec().sid() == sid).toList();
    }

    /**
     * Takes all devices of a node record's session away, or none of them: also where the target does not answer.
     *
     * @param safe whether one that is in use keeps all of them; else what is in flight fails
     */
    public void detachSession(int sid, boolean safe) throws CommandException, InterruptedException {
        new SessionDetach(ofSid(sid)).run(safe);
    }

    /**
     * Takes the device of a LUN that its session's target does not have any more, if nobody uses it.
     *
     * @throws CommandException if somebody does
     */
    public void detachVanished(int sid, int lun) throws CommandException, InterruptedException {
        for (HeldDevice device : ofSid(sid)) {
            if (device.asSessionDevice().lun() == lun) {
                device.detach();
            }
        }
    }

    /** This daemon's devices, in the order in which they came. */
    public List<Report> list() {
        return all().stream().map(HeldDevice::report).toList();
    }

    /**
     * The way out when a successor is about to start: answers and flushes what is in flight, and lets go of the devices
     * without detaching them. What uses them waits for the successor. Bounded.
     */
    public void release() {
        end(device -> new Release(device).now(), MAX_RELEASE_MILLIS);
    }

    /**
     * The way out for good: detaches idle devices, serves busy ones until they are not, at most for as long as {@code
     * LUNBRIDGE_STOP_SECONDS} says or until it is told to hurry; then lets go of them; logs out.
     */
    @Override
    public void close() {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(stopSeconds);
        BooleanSupplier late = () -> hurried || System.nanoTime() - endNanos > 0;
        end(device -> new Release(device).whenIdle(late), TimeUnit.SECONDS.toMillis(stopSeconds) + MAX_RELEASE_MILLIS);
    }

    /** Ends the patience of {@link #close}. Any thread. */
    public void hurry() {
        hurried = true;
    }

    /** Their sessions are logged out of; who holds them knows how to go on. */
    private void closeHolds() {
        List<SessionHold> last;
        synchronized (this) {
            last = List.copyOf(holds);
        }
        List<CompletableFuture<Boolean>> ends = new ArrayList<>();
        for (SessionHold hold : last) {
            ends.add(Threads.call("logout", () -> {
                hold.close();
                return true;
            }));
        }
        Threads.awaitAll(ends, MAX_RELEASE_MILLIS);
    }

    private interface Ending {
        void of(HeldDevice device) throws InterruptedException;
    }

    private void end(Ending ending, long limitMillis) {
        synchronized (this) {
            closing = true;
        }
        List<CompletableFuture<Boolean>> ends = new ArrayList<>();
        for (HeldDevice device : all()) {
            ends.add(Threads.call("end-" + device.state().id(), () -> {
                ending.of(device);
                return true;
            }));
        }
        Threads.awaitAll(ends, limitMillis);
        closeHolds();
        means.targets().close();
        lock.close();
    }
}
