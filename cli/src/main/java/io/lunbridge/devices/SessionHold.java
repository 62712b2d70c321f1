package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.SessionIdentity;
import io.lunbridge.iscsi.recovery.Nexus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a node record's session up while it has no devices, and the way to ask its target. Methods that log in or out
 * block; any thread.
 */
public final class SessionHold implements AutoCloseable {

    private final Targets targets;
    private final Target target;
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Nexus nexus;

    SessionHold(Targets targets, AttachSpec spec, @Nullable SessionIdentity identity) {
        this.targets = targets;
        target = targets.use(spec, identity);
    }

    /**
     * Logs in, if nobody has yet: one attempt.
     *
     * @throws CommandException if there is no session yet; may be tried again
     */
    public Nexus logIn() throws CommandException, InterruptedException {
        Nexus opened = target.nexus();
        nexus = opened;
        return opened;
    }

    /** The bond with the target; null before the first login of this process. */
    public @Nullable Nexus nexus() {
        return nexus;
    }

    /** Who the session is. Called after {@link #logIn} has succeeded. */
    public SessionIdentity identity() {
        return target.identity();
    }

    /** Completes when it is closed. */
    CompletableFuture<Boolean> over() {
        return over;
    }

    /** Logs out where no device uses the session any more. Bounded. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            targets.leave(target);
            over.complete(true);
        }
    }
}
