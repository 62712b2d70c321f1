package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.ServedLun;
import io.lunbridge.interop.TgtTarget;
import io.lunbridge.interop.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * tgt with digests on, {@link FaultProxy} before it, {@code lunbridge serve} before that, and {@link VersionedLoad} on
 * the first half of the LUN; the other half is fio's.
 */
final class FaultRig implements AutoCloseable {

    static final long SIZE_BYTES = 64L << 20;
    static final long HALF_BYTES = SIZE_BYTES / 2;

    private static final int BLOCKS = 4096;
    private static final Duration BACK_LIMIT = Duration.ofSeconds(30);
    private static final long ANSWER_LIMIT_MILLIS = 60_000;

    final long seed;
    final TgtTarget target;
    final FaultProxy proxy;
    final Path file;
    final int lun;
    private final ServedLun served;
    private final VersionedLoad load;
    private final Random random;

    FaultRig(long seed, String... options) {
        this.seed = seed;
        random = new Random(seed);
        target = TgtTarget.start();
        target.updateTarget("HeaderDigest", "CRC32C,None");
        target.updateTarget("DataDigest", "CRC32C,None");
        file = target.newFile(SIZE_BYTES);
        lun = target.addLun(file, "rdwr");
        proxy = new FaultProxy(target.port());
        String[] all = Stream.concat(Stream.<String>of(), Stream.of(options)).toArray(String[]::new);
        served = new ServedLun("iscsi://127.0.0.1:" + proxy.port() + "/" + TgtTarget.IQN + "/" + lun, all);
        try {
            load = new VersionedLoad(served.socket(), BLOCKS, seed);
        } catch (IOException e) {
            throw new AssertionError(served.process().output(), e);
        }
    }

    ServedLun served() {
        return served;
    }

    VersionedLoad load() {
        return load;
    }

    /** Has a fault happen to the newest connection as soon as there is one that works. */
    void inject(Fault fault) {
        int before = proxy.injectedInAll();
        Waiting.until(BACK_LIMIT, () -> proxy.working() != null, () -> "no session: " + describe());
        ProxiedConnection connection = proxy.working();
        if (connection == null) {
            return;
        }
        connection.arm(Injection.of(fault, random));
        Waiting.until(
                BACK_LIMIT,
                () -> proxy.injectedInAll() > before || !connection.isUp(),
                () -> "no PDU for " + fault + ": " + describe());
    }

    /** Has faults happen, one after the other, for so long. */
    void injectFor(Duration duration, List<Fault> faults) throws InterruptedException {
        long endNanos = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - endNanos < 0) {
            Thread.sleep(random.nextInt(300));
            inject(faults.get(random.nextInt(faults.size())));
        }
    }

    /** Ends the load and checks every block, by reading it and in the LUN's file. */
    void finish() {
        load.stop(ANSWER_LIMIT_MILLIS);
        load.readAll(ANSWER_LIMIT_MILLIS);
        assertThat(served.terminate()).as(served.process().output()).isZero();
        load.checkFile(file);
        assertThat(load.wrong()).as(describe()).isEmpty();
    }

    String describe() {
        return "seed " + seed + ", injected " + proxy.injected() + ", " + proxy.connectionCount() + " connections, "
                + load.answered() + " answered, " + load.failed() + " failed, " + load.checkedBlocks()
                + " blocks checked, longest silence " + load.longestSilenceMillis() + " ms\n"
                + served.process().output();
    }

    @Override
    public void close() throws IOException {
        load.close();
        served.close();
        proxy.close();
        target.close();
    }
}
