package io.lunbridge.daemon;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.iscsi.disk.DiskException;
import io.lunbridge.iscsi.disk.DiskOpening;
import io.lunbridge.iscsi.disk.DiskStatus;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusOpening;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.recovery.SessionSource;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.Timeouts;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk of this process's own target through one trouble after the other. Sockets, login and commands are real; the
 * clock is not: minutes of time-outs pass in milliseconds. Used by one thread, which is the loop's too.
 */
final class RecoveryWalk implements AutoCloseable {

    private static final String TARGET_NAME = "iqn.2026-11.io.lunbridge:self-test";
    private static final long DISK_BYTES = 1 << 20;
    private static final long SECOND_MILLIS = 1000;
    private static final int DATA_BYTES = 64 << 10;

    /** The watchdog looks once a second. */
    private static final int SLACK_SECONDS = 3;

    private static final long WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int MAX_STEPS = 10_000;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final Transport targetTransport = Transport.open();
    private final ManualIoEventLoop loop =
            new ManualIoEventLoop(null, Thread.currentThread(), targetTransport.ioHandlers(), ticker);

    private @Nullable TargetService target;
    private @Nullable Nexus nexus;
    private @Nullable ScsiDisk disk;
    private @Nullable Exception refusal;
    private int logins;

    /** All of it. What does not go as it should is an exception. */
    void walk() throws CommandException, BlockException, InterruptedException {
        HostPort address = open();
        byte[] data = new byte[DATA_BYTES];
        Arrays.fill(data, (byte) 1);
        writeAndReadBack(data);
        silence(data);
        slowness(data);
        absence(address);
        Arrays.fill(data, (byte) 2);
        cut(data);
    }

    private HostPort open() throws CommandException, InterruptedException {
        TargetService service =
                TargetService.start(targetTransport, new HostPort("127.0.0.1", 0), TARGET_NAME, DISK_BYTES);
        target = service;
        HostPort address = LunUrl.parse(service.url()).portal();
        SessionConfig config = SessionConfig.normal(
                        new TargetAddress(address.host(), address.port(), TargetAddress.NO_TAG),
                        TARGET_NAME + "-initiator",
                        TARGET_NAME)
                .withTimeouts(Timeouts.DEFAULT.withoutPings());
        SessionConnector connector = new SessionConnector(loop, targetTransport.tcpChannel());
        SessionSource source = (each, opening) -> {
            logins++;
            connector.open(each, opening);
        };
        Nexus.open(source, config, RecoveryPolicy.DEFAULT, () -> 0, new Opening());
        await("login", () -> disk != null || refusal != null);
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        return address;
    }

    private void writeAndReadBack(byte[] data) throws BlockException, InterruptedException {
        Outcome written = write(data);
        await("write", written::isDone);
        written.data();
        readBack(data);
    }

    private void readBack(byte[] data) throws BlockException, InterruptedException {
        Outcome flushed = new Outcome();
        disk().flush(flushed);
        Outcome read = new Outcome();
        disk().read(0, data.length, read);
        await("read", () -> read.isDone() && flushed.isDone());
        if (!Arrays.equals(data, read.data())) {
            throw new IllegalStateException("other data were read than written");
        }
    }

    /** The target falls silent: every step of the error handler, the end of the session, the next one. */
    private void silence(byte[] data) throws BlockException, InterruptedException {
        CountDownLatch end = holdTarget();
        Outcome written = write(data);
        Timeouts.Ladder ladder = Timeouts.Ladder.DEFAULT;
        passSeconds(ladder.commandSeconds() + ladder.abortSeconds() + ladder.lunResetSeconds());
        int before = logins;
        passUntil("the end of the session", () -> logins > before);
        end.countDown();
        await("write after silence", written::isDone);
        written.data();
        readBack(data);
    }

    /** The target answers late: to an abort, and to what was aborted. */
    private void slowness(byte[] data) throws BlockException, InterruptedException {
        CountDownLatch end = holdTarget();
        Outcome written = write(data);
        passSeconds(Timeouts.Ladder.DEFAULT.commandSeconds() + SLACK_SECONDS);
        end.countDown();
        await("write after an abort", written::isDone);
        written.data();
        readBack(data);
    }

    /** Until the latch opens, the target's thread does nothing. */
    private CountDownLatch holdTarget() {
        CountDownLatch end = new CountDownLatch(1);
        targetTransport.eventLoop().execute(() -> Uninterrupted.await(end, SelfTest.MAX_MILLIS, TimeUnit.MILLISECONDS));
        return end;
    }

    /** Nobody listens for longer than requests wait; then somebody does again. */
    private void absence(HostPort address) throws CommandException, InterruptedException {
        TargetService gone = target;
        if (gone != null) {
            gone.close();
        }
        Outcome read = new Outcome();
        disk().read(0, DATA_BYTES, read);
        passUntil("the end of waiting", read::isDone);
        target = TargetService.start(targetTransport, address, TARGET_NAME, DISK_BYTES);
        int before = logins;
        passUntil("the next login", () -> logins > before);
        await("return", () -> disk().status().state() == DiskStatus.State.ONLINE);
    }

    /** The connection breaks under a write. */
    private void cut(byte[] data) throws BlockException, InterruptedException {
        Outcome written = write(data);
        int before = logins;
        disk().session().drop("cut by the self-test");
        passUntil("the login after a cut", () -> logins > before);
        await("write after a cut", written::isDone);
        written.data();
        Outcome told = new Outcome();
        disk().flush(told); // of the loss, where the unit has a cache
        await("flush", told::isDone);
        readBack(data);
    }

    private Outcome write(byte[] data) {
        Outcome outcome = new Outcome();
        disk().write(0, Unpooled.copiedBuffer(data), Durability.CACHED, outcome);
        return outcome;
    }

    private ScsiDisk disk() {
        if (disk == null) {
            throw new IllegalStateException("no disk");
        }
        return disk;
    }

    /** Time passes while nothing else happens. */
    private void passSeconds(int seconds) {
        for (int passed = 0; passed < seconds; passed++) {
            loop.runNow();
            ticker.advance(SECOND_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Time passes fast: nobody has to answer. */
    private void passUntil(String what, BooleanSupplier done) throws InterruptedException {
        await(what, SECOND_MILLIS, done);
    }

    /** Time passes slowly enough for the target to answer. */
    private void await(String what, BooleanSupplier done) throws InterruptedException {
        await(what, 1, done);
    }

    private void await(String what, long stepMillis, BooleanSupplier done) throws InterruptedException {
        for (int step = 0; !done.getAsBoolean(); step++) {
            if (step == MAX_STEPS) {
                throw new IllegalStateException("no end of: " + what);
            }
            turn(stepMillis);
        }
    }

    private void turn(long millis) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("took too long");
        }
        if (loop.runNow() == 0) {
            LockSupport.parkNanos(WAIT_NANOS); // the loop itself would wait by the ticker's time
        }
        ticker.advance(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (disk != null) {
            disk.close(new Outcome());
        }
        if (nexus != null) {
            nexus.close(this::endLoop);
        } else {
            endLoop();
        }
        for (int step = 0; step < MAX_STEPS && !loop.isTerminated(); step++) {
            loop.runNow();
            ticker.advance(1, TimeUnit.MILLISECONDS);
        }
        if (target != null) {
            target.close();
        }
        targetTransport.close();
    }

    private void endLoop() {
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private final class Opening implements NexusOpening, DiskOpening {

        @Override
        public void opened(Nexus opened) {
            nexus = opened;
            ScsiDisk.open(opened, Lun.ofNumber(0), this);
        }

        @Override
        public void opened(ScsiDisk opened) {
            disk = opened;
        }

        @Override
        public void failed(SessionException cause) {
            refusal = cause;
        }

        @Override
        public void failed(DiskException cause) {
            refusal = cause;
        }
    }

    private static final class Outcome implements Completion {

        private byte @Nullable [] data;
        private @Nullable BlockException failure;

        @Override
        public void succeeded(ByteBuf result) {
            byte[] bytes = new byte[result.readableBytes()];
            result.readBytes(bytes).release();
            data = bytes;
        }

        @Override
        public void failed(BlockException cause) {
            failure = cause;
        }

        boolean isDone() {
            return data != null || failure != null;
        }

        byte[] data() throws BlockException {
            if (failure != null) {
                throw failure;
            }
            return data == null ? new byte[0] : data;
        }
    }
}
