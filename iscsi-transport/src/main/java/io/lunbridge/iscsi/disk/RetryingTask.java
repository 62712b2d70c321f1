package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.ScsiTask;
import io.lunbridge.iscsi.session.TaskException;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** A command that is repeated while its refusal may pass, for a limited time and with growing delays. */
abstract class RetryingTask extends ScsiTask implements Runnable {

    /** Longest time from the first refusal to the last attempt where somebody above may know another way. */
    static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Most times that a command goes out which is damaged or aborted each time, as with the kernel's disks. */
    static final int MAX_FEW_ATTEMPTS = 5;

    private static final long FIRST_DELAY_MILLIS = 5;
    private static final long MAX_DELAY_MILLIS = 500;
    private static final int MAX_DOUBLINGS = 7;

    private int failures;
    private int attempts;
    private long firstRefusalNanos;

    /** Sends the command for the first time. */
    final void submit() {
        attempts = 0;
        failures = 0;
        send();
    }

    /** The time limit of refusals begins again: what came in between has its own limit, as the lack of a session has. */
    final void restartClock() {
        attempts = 0;
    }

    @Override
    protected final void refused(int status, SenseData sense) {
        Refusal why = Refusal.of(status, sense);
        learn(why, sense);
        if (isWanted() && mayRepeat(why)) {
            repeat(why);
        } else {
            rejected(status, sense);
        }
    }

    private boolean mayRepeat(Refusal why) {
        return switch (why.repetition()) {
            case NEVER -> false;
            case FEW -> ++failures < MAX_FEW_ATTEMPTS;
            case WHILE_TIME -> isTimeLeft();
        };
    }

    @Override
    protected final void failed(IscsiException cause) {
        boolean passes = cause instanceof TaskException task && task.kind().passes();
        if (isWanted() && passes && ++failures < MAX_FEW_ATTEMPTS) {
            restartClock();
            repeatAtOnce();
        } else {
            lost(cause);
        }
    }

    private boolean isTimeLeft() {
        long now = eventLoop().ticker().nanoTime();
        if (attempts++ == 0) {
            firstRefusalNanos = inVainSinceNanos(now);
        }
        return now - firstRefusalNanos < patienceNanos();
    }

    /** Longest time from the first refusal to the last attempt. */
    long patienceNanos() {
        return MAX_RETRY_NANOS;
    }

    /** Since when the command has been waiting on a unit that refuses everything; time with the target does not count. */
    long inVainSinceNanos(long nowNanos) {
        return nowNanos;
    }

    /** Sends the command again after a while that grows. */
    final void repeatLater() {
        var unused = eventLoop().schedule(this, delayMillis(attempts), TimeUnit.MILLISECONDS);
    }

    /** How long to wait after so many refusals in a row; the first repetition is almost at once. */
    static long delayMillis(int refusals) {
        return Math.min(FIRST_DELAY_MILLIS << Math.min(Math.max(0, refusals - 1), MAX_DOUBLINGS), MAX_DELAY_MILLIS);
    }

    /** The next attempt: called by the event loop. */
    @Override
    public final void run() {
        if (isWanted()) {
            send();
        } else {
            rejected(ScsiStatus.BUSY, SenseData.NONE);
        }
    }

    /** The loop of everything about this command. */
    abstract EventLoop eventLoop();

    /** Submits the command, the first time or again. */
    abstract void send();

    /** Sends the command again after a refusal that passes, when the time for that has come. */
    abstract void repeat(Refusal why);

    /** Sends the command again after it was damaged on its way. */
    void repeatAtOnce() {
        send();
    }

    /** What a refusal tells beyond this command. Called before it is repeated or rejected. */
    abstract void learn(Refusal why, SenseData sense);

    /** Whether anybody still waits for the outcome. */
    abstract boolean isWanted();

    /** Any status but good, for good. */
    abstract void rejected(int status, SenseData sense);

    /** No usable status, for good. */
    abstract void lost(IscsiException cause);
}
