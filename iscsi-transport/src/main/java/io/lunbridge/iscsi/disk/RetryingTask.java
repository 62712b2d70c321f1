package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.ScsiTask;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.TaskException;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import java.util.concurrent.TimeUnit;

/** A command that is repeated while its refusal may pass, for a limited time and with growing delays. */
abstract class RetryingTask extends ScsiTask implements Runnable {

    /** Longest time from the first refusal to the last attempt; an NBD client's patience must exceed it. */
    static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Most times that a command goes out whose tasks are damaged or aborted on the way, as with the kernel's disks. */
    static final int MAX_TRANSPORT_ATTEMPTS = 5;

    private final Session session;
    private int transportFailures;
    private int attempts;
    private long firstRefusalNanos;

    RetryingTask(Session session) {
        this.session = session;
    }

    final Session session() {
        return session;
    }

    /** Sends the command for the first time. */
    final void submit() {
        attempts = 0;
        transportFailures = 0;
        session.submit(this);
    }

    @Override
    protected final void refused(int status, SenseData sense) {
        if (isWanted() && Transience.isTransient(status, sense) && isTimeLeft()) {
            var unused = session.eventLoop().schedule(this, Transience.delayMillis(attempts++), TimeUnit.MILLISECONDS);
        } else {
            rejected(status, sense);
        }
    }

    @Override
    protected final void failed(IscsiException cause) {
        boolean passes = cause instanceof TaskException task && task.kind().passes();
        if (isWanted() && passes && ++transportFailures < MAX_TRANSPORT_ATTEMPTS) {
            session.submit(this);
        } else {
            lost(cause);
        }
    }

    private boolean isTimeLeft() {
        long now = session.eventLoop().ticker().nanoTime();
        if (attempts == 0) {
            firstRefusalNanos = now;
        }
        return now - firstRefusalNanos < MAX_RETRY_NANOS;
    }

    /** The next attempt: called by the event loop. */
    @Override
    public final void run() {
        if (isWanted()) {
            session.submit(this);
        } else {
            rejected(ScsiStatus.BUSY, SenseData.NONE);
        }
    }

    /** Whether anybody still waits for the outcome. */
    abstract boolean isWanted();

    /** Any status but good, for good. */
    abstract void rejected(int status, SenseData sense);

    /** No usable status, for good. */
    abstract void lost(IscsiException cause);
}
