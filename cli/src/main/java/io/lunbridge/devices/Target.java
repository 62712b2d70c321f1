package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.SessionClaim;
import io.lunbridge.daemon.SessionIdentity;
import io.lunbridge.daemon.TargetNexus;
import io.lunbridge.daemon.Transport;
import io.lunbridge.iscsi.recovery.Nexus;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A target at a portal as this process sees it with certain settings: at most one session, on one event loop, for the
 * devices of all its LUNs. There is none before the first {@link #nexus}, and after that it is replaced whenever it is
 * lost.
 */
final class Target {

    /**
     * What devices must have in common to share a session.
     *
     * @param options the settings that make a session what it is, in {@link AttachSpec}'s words
     */
    record Key(String portal, String targetName, Map<String, Object> options) {

        static Key of(AttachSpec spec) {
            LunUrl url = spec.disk().url();
            return new Key(url.portal().toString(), url.targetName(), SpecMap.sessionOptions(spec));
        }
    }

    private final Root root;
    private final AttachSpec spec;
    private final Key key;
    private final Transport transport;
    private final @Nullable SessionIdentity wanted;
    private @Nullable SessionClaim claim;
    private @Nullable TargetNexus nexus;
    private @Nullable CompletableFuture<TargetNexus> opening;
    private boolean closed;

    /** How many devices use it. Kept by {@link Targets}. */
    int users;

    /**
     * A target without a session.
     *
     * @param spec of any device on it
     * @param wanted the session to go on with; null for a new one
     */
    Target(Root root, AttachSpec spec, Transport transport, @Nullable SessionIdentity wanted) {
        this.root = root;
        this.spec = spec;
        this.key = Key.of(spec);
        this.transport = transport;
        this.wanted = wanted;
    }

    /** Whether a device may share it. */
    synchronized boolean fits(Key other, @Nullable SessionIdentity identity) {
        SessionIdentity own = claim == null ? wanted : claim.identity();
        return key.equals(other) && (identity == null || identity.equals(own));
    }

    Transport transport() {
        return transport;
    }

    /** Where the session is or will be. */
    EventLoop eventLoop() {
        return transport.eventLoop();
    }

    /** Who the session is. Called after {@link #nexus} has succeeded. */
    synchronized SessionIdentity identity() {
        if (claim == null) {
            throw new IllegalStateException("no session yet");
        }
        return claim.identity();
    }

    /** Begins to log in, if nobody has yet. Whoever asks for {@link #nexus} is told what came of it. */
    void beginLogIn() {
        var unused = attempt();
    }

    /**
     * Logs in, if nobody has yet: one attempt, whose outcome is that of everybody who asks meanwhile.
     *
     * @throws CommandException if there is no session yet; may be tried again
     */
    Nexus nexus() throws CommandException, InterruptedException {
        try {
            return attempt().get().nexus();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private synchronized CompletableFuture<TargetNexus> attempt() {
        if (nexus != null) {
            return CompletableFuture.completedFuture(nexus);
        }
        if (opening == null) {
            opening = Threads.call("login", this::logIn);
        }
        return opening;
    }

    private TargetNexus logIn() throws CommandException, InterruptedException {
        TargetNexus opened = null;
        try {
            opened = open(claim());
            return opened;
        } finally {
            settle(opened);
        }
    }

    private TargetNexus open(SessionClaim own) throws CommandException, InterruptedException {
        NodeSettings node = spec.node();
        LunUrl url = spec.disk().url();
        return node == null
                ? TargetNexus.open(transport, url, spec.session(), own)
                : TargetNexus.open(transport, url, node, own);
    }

    /** A session that nobody wants any more is closed. */
    private void settle(@Nullable TargetNexus opened) {
        SessionClaim unused = null;
        synchronized (this) {
            opening = null;
            if (!closed) {
                nexus = opened;
                return;
            }
            if (opened == null) {
                unused = claim;
            }
        }
        if (opened != null) {
            opened.close();
        } else if (unused != null) {
            unused.close();
        }
    }

    private synchronized SessionClaim claim() throws CommandException {
        if (claim == null) {
            LunUrl url = spec.disk().url();
            NodeSettings node = spec.node();
            String name = node == null ? null : node.value("iface.initiatorname");
            claim = wanted == null ? SessionClaim.first(root, url, name) : SessionClaim.again(root, url, wanted);
        }
        if (claim == null) {
            // Another ISID would leave the old session's writes unfenced.
            throw new CommandException(
                    ExitCode.BUSY,
                    "another process has the session with " + key.targetName() + " that the device had; end it first");
        }
        return claim;
    }

    /** Logs out. Bounded. An attempt to log in that is under way comes to nothing. */
    void close() {
        TargetNexus last;
        SessionClaim unused;
        synchronized (this) {
            closed = true;
            last = nexus;
            unused = opening == null ? claim : null;
        }
        if (last != null) {
            last.close();
        } else if (unused != null) {
            unused.close();
        }
    }
}
