package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One session in full feature phase, its tasks, and a target that goes wrong: from the first input to its end. */
final class SessionFuzz {

    private static final int DEPTH = 6;
    private static final int MAX_INPUTS = 60;
    private static final int SILENT_SECONDS = 400;

    /** Counts over all sessions, to see that the fuzzer does reach what it is to reach. */
    static final class Tally {
        long inputs;
        long sessions;
        long dropped;
        long readsRight;
        long writesRight;
    }

    private final Random random;
    private final Tally tally;
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Session session;
    private final FuzzTarget target;
    private final List<FuzzTask> finishedWrites = new ArrayList<>();
    private @Nullable IscsiException end;
    private @Nullable AssertionError failure;
    private int tasksInFlight;
    private int nextNumber = 1;

    SessionFuzz(Random random, NegotiatedKeys keys, Tally tally) {
        this.random = random;
        this.tally = tally;
        channel.config().setAllocator(allocator);
        channel.freezeTime();
        Connection connection = new Connection(
                channel, new TestTarget.LoginOwner(), keys.lengths().maxRecvBytes());
        channel.pipeline().addLast(connection);
        connection.transition(ConnectionState.IN_LOGIN);
        target = new FuzzTarget(random, keys);
        LoginOutcome.Sequence sequence =
                new LoginOutcome.Sequence(target.expCmdSn(), target.maxCmdSn(), target.statSn());
        session =
                new Session(TestTarget.config().withQueueDepth(DEPTH), connection, new FullFeature(7, sequence, keys));
        session.addListener(cause -> end = cause);
        session.start();
    }

    /** Told by a task; thrown at the end, as nobody can swallow it there. */
    void fails(String how) {
        failure = failure == null ? new AssertionError(how) : failure;
    }

    /** Told by a task. */
    void ended(FuzzTask task, boolean success) {
        tasksInFlight--;
        if (success && task.kind == FuzzTask.Kind.WRITE) {
            finishedWrites.add(task);
        } else if (success && task.kind == FuzzTask.Kind.READ) {
            tally.readsRight++;
        }
    }

    void run() {
        tally.sessions++;
        for (int i = 0; i < MAX_INPUTS && end == null; i++) {
            submitTasks();
            takeSent();
            tally.inputs++;
            deliver(target.nextInput());
            takeSent();
            if (random.nextInt(40) == 0) {
                passSeconds(1 + random.nextInt(8));
            }
        }
        tally.dropped += end == null ? 0 : 1;
        finish();
    }

    @SuppressWarnings("EnumOrdinal") // any of them will do
    private void submitTasks() {
        while (tasksInFlight < DEPTH && session.state() == SessionState.LOGGED_IN && end == null) {
            FuzzTask.Kind kind = FuzzTask.Kind.values()[random.nextInt(FuzzTask.Kind.values().length)];
            FuzzTask task = new FuzzTask(this, kind, nextNumber++, 1 + random.nextInt(FuzzTask.MAX_BYTES));
            target.announce(task);
            tasksInFlight++;
            task.submitTo(session);
        }
    }

    /** In one read, in a few, or byte by byte. */
    private void deliver(byte[] wire) {
        int style = random.nextInt(64);
        for (int at = 0; at < wire.length && channel.isOpen(); ) {
            int most = style == 0 ? 1 : style < 16 ? 1 + random.nextInt(100) : wire.length;
            int n = Math.min(most, wire.length - at);
            ByteBuf read = allocator.heapBuffer(n).writeBytes(wire, at, n);
            channel.writeInbound(read);
            at += n;
        }
        channel.runPendingTasks();
    }

    /** Shows the target what was sent. A write that has succeeded has sent every byte. */
    private void takeSent() {
        channel.runPendingTasks();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            target.receive(part);
            part.release();
        }
        if (channel.isOpen()) {
            for (FuzzTask write : finishedWrites) {
                target.assertAllSent(write);
                tally.writesRight++;
            }
        }
        finishedWrites.clear();
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds && end == null; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            takeSent();
        }
    }

    /** However it ends, each task is told so, and no buffer stays. */
    private void finish() {
        switch (random.nextInt(8)) {
            case 0 -> passSeconds(SILENT_SECONDS);
            case 1, 2 -> {
                session.close(() -> {});
                passSeconds(SILENT_SECONDS);
            }
            default -> {
                var unused = channel.close();
            }
        }
        channel.runPendingTasks();
        if (failure != null) {
            throw failure;
        }
        if (end == null || tasksInFlight != 0) {
            throw new AssertionError("hangs: end " + end + ", " + tasksInFlight + " tasks have no outcome");
        }
        if (String.valueOf(end.getMessage()).startsWith("the connection broke")) {
            throw new AssertionError("an exception came out", end);
        }
        var unused = channel.finishAndReleaseAll();
        long bytes = allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
        if (bytes != 0) {
            throw new AssertionError("leaks " + bytes + " bytes");
        }
    }
}
