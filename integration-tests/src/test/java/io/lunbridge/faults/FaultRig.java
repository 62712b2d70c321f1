package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.FioLoad;
import io.lunbridge.interop.ServedLun;
import io.lunbridge.interop.TgtTarget;
import io.lunbridge.interop.VersionedLoad;
import io.lunbridge.interop.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * tgt with digests on, {@link FaultProxy} before it, {@code lunbridge serve} before that, and {@link VersionedLoad} on
 * the first half of the LUN; the other half is fio's.
 */
final class FaultRig implements AutoCloseable {

    static final long SIZE_BYTES = 64L << 20;
    static final long HALF_BYTES = SIZE_BYTES / 2;

    /** The LUN's own, so that another one at its place is another unit. */
    static final String SERIAL = "scsi_sn=original";

    /** Sessions of each server unless an option says otherwise: the whole suite can be run with several. */
    static final int SESSIONS = Integer.parseInt(System.getenv().getOrDefault("LUNBRIDGE_LANES", "1"));

    private static final int BLOCKS = 4096;
    private static final Duration BACK_LIMIT = Duration.ofSeconds(40);
    private static final long ANSWER_LIMIT_MILLIS = 60_000;

    private final long seed;
    private final Random random;
    private final TgtTarget target;
    private final FaultProxy proxy;
    private final Path file;
    private final int lun;
    private final String[] options;
    private final ServedLun served;
    private final VersionedLoad load;

    /** With these further options of {@code serve}. The seed is part of every message. */
    FaultRig(long seed, String... further) {
        this(1, seed, further);
    }

    /** The same with a load of so many connections. */
    FaultRig(int connections, long seed, String... further) {
        this.seed = seed;
        random = new Random(seed);
        target = TgtTarget.start();
        target.updateTarget("HeaderDigest", "CRC32C");
        target.updateTarget("DataDigest", "CRC32C");
        file = target.newFile(SIZE_BYTES);
        lun = target.addLun(file, "rdwr");
        target.update(lun, SERIAL);
        proxy = new FaultProxy(target.port());
        List<String> all = new ArrayList<>(List.of("--noop-interval", "1", "--noop-timeout", "1"));
        all.addAll(List.of(further));
        options = all.toArray(String[]::new);
        served = serve();
        try {
            load = new VersionedLoad(served.socket(), BLOCKS, seed, connections);
        } catch (IOException e) {
            throw new AssertionError(served.process().output(), e);
        }
    }

    /** A process more that serves the LUN, by way of the proxy. */
    ServedLun serve() {
        return new ServedLun("iscsi://127.0.0.1:" + proxy.port() + "/" + TgtTarget.IQN + "/" + lun, options);
    }

    TgtTarget target() {
        return target;
    }

    FaultProxy proxy() {
        return proxy;
    }

    ServedLun served() {
        return served;
    }

    VersionedLoad load() {
        return load;
    }

    Path file() {
        return file;
    }

    int lun() {
        return lun;
    }

    Random random() {
        return random;
    }

    /** fio on the half of the LUN that the other load leaves alone. */
    FioLoad fio(int seconds) {
        return new FioLoad(served.uri(), HALF_BYTES, HALF_BYTES, seconds);
    }

    /**
     * Has a fault happen to a connection that carries reads and writes; returns when it has happened. A connection may
     * end before that, by the fault before this one: then it happens to the next.
     */
    void inject(Fault fault) {
        int before = proxy.injectedInAll();
        Injection injection = Injection.of(fault, random);
        Waiting.until(BACK_LIMIT, () -> happened(injection, before), () -> "no " + fault + ": " + describe());
    }

    private boolean happened(Injection injection, int before) {
        boolean happened = proxy.injectedInAll() > before;
        ProxiedConnection connection = proxy.inUse();
        if (!happened && connection != null) {
            connection.arm(injection);
        }
        return happened;
    }

    /** Waits until requests are answered again, from now on. */
    void awaitProgress() {
        long before = load.answered();
        Waiting.until(BACK_LIMIT, () -> load.answered() > before + 100, () -> "no answers: " + describe());
    }

    /** Ends the load and checks every block, by reading it and in the LUN's file. */
    void finish() {
        load.stop(ANSWER_LIMIT_MILLIS);
        // One that fails tells of a loss, or of a lane that has yet to see that the unit is back.
        Waiting.until(BACK_LIMIT, () -> load.flush(ANSWER_LIMIT_MILLIS), this::describe);
        load.readAll(ANSWER_LIMIT_MILLIS);
        Waiting.until(BACK_LIMIT, () -> target.sessionCount() >= SESSIONS, this::describe);
        assertThat(served.terminate()).as(this::describe).isZero();
        load.checkFile(file);
        assertThat(load.wrong()).as(this::describe).isEmpty();
    }

    /** What has happened, in a line, and what {@code serve} said of it. */
    String describe() {
        return figures() + "\n" + served.process().output();
    }

    String figures() {
        return "seed " + seed + ", faults " + proxy.injected() + ", connections " + proxy.connectionCount()
                + ", requests answered " + load.answered() + ", failed " + load.failed()
                + ", flushes that told of a loss " + load.failedFlushes() + ", blocks checked "
                + load.checkedBlocks() + ", longest silence " + load.longestSilenceMillis() + " ms";
    }

    @Override
    public void close() throws IOException {
        load.close();
        served.close();
        proxy.close();
        target.close();
    }
}
