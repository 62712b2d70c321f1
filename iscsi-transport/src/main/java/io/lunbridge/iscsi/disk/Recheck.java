package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.session.SessionState;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a unit now and then what many targets change without a word: its size, whether it may be written, and whether it
 * is still the same unit. Half a dozen small commands each time; none while the session has other troubles.
 */
final class Recheck implements Runnable {

    private static final double JITTER = 0.25;

    private final ScsiDisk disk;
    private final Nexus nexus;
    private @Nullable ScheduledFuture<?> next;

    Recheck(ScsiDisk disk, Nexus nexus) {
        this.disk = disk;
        this.nexus = nexus;
    }

    /** Begins, also anew, unless the policy is never to ask. */
    void start() {
        stop();
        long millis = TimeUnit.SECONDS.toMillis(nexus.policy().recheckSeconds());
        if (millis > 0) {
            double spread = 1 + JITTER * (2 * nexus.random().getAsDouble() - 1);
            next = disk.eventLoop().schedule(this, Math.round(millis * spread), TimeUnit.MILLISECONDS);
        }
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
        }
    }

    @Override
    public void run() {
        boolean undisturbed = nexus.session().state() == SessionState.LOGGED_IN
                && !nexus.session().isHandlingErrors();
        if (undisturbed) {
            disk.attentions().recheck();
        }
        start();
    }
}
