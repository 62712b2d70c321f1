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

    /** Longest time from the first refusal to the last attempt; an NBD client's patience must exceed it. */
    static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Most times that a command goes out whose tasks are damaged or aborted on the way, as with the kernel's disks. */
    static final int MAX_TRANSPORT_ATTEMPTS = 5;

    private int transportFailures;
    private int attempts;
    private long firstRefusalNanos;

    /** Sends the command for the first time. */
    final void submit() {
        attempts = 0;
        transportFailures = 0;
        send();
    }

    /** The time limit of refusals begins again: the command is held for lack of a session, which has its own limit. */
    final void restartClock() {
        attempts = 0;
    }

    @Override
    protected final void refused(int status, SenseData sense) {
        if (isWanted() && Transience.isTransient(status, sense) && isTimeLeft()) {
            var unused = eventLoop().schedule(this, Transience.delayMillis(attempts++), TimeUnit.MILLISECONDS);
        } else {
            rejected(status, sense);
        }
    }

    @Override
    protected final void failed(IscsiException cause) {
        boolean passes = cause instanceof TaskException task && task.kind().passes();
        if (isWanted() && passes && ++transportFailures < MAX_TRANSPORT_ATTEMPTS) {
            send();
        } else {
            lost(cause);
        }
    }

    private boolean isTimeLeft() {
        long now = eventLoop().ticker().nanoTime();
        if (attempts == 0) {
            firstRefusalNanos = now;
        }
        return now - firstRefusalNanos < MAX_RETRY_NANOS;
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

    /** Whether anybody still waits for the outcome. */
    abstract boolean isWanted();

    /** Any status but good, for good. */
    abstract void rejected(int status, SenseData sense);

    /** No usable status, for good. */
    abstract void lost(IscsiException cause);
}
