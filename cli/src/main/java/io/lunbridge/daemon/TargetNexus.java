package io.lunbridge.daemon;

import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusOpening;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process's bond with a target, over all sessions: opened and closed by a thread that may block. */
public final class TargetNexus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TargetNexus.class);

    /** A session bounds its logout itself; so much more is for a loop that does not turn. */
    private static final long MAX_CLOSE_MILLIS = 3000;

    private final Nexus nexus;
    private final SessionClaim claim;
    private final int logoutMillis;

    private TargetNexus(Nexus nexus, SessionClaim claim, SessionSettings settings) {
        this.nexus = nexus;
        this.claim = claim;
        logoutMillis = settings.timeouts().logoutMillis();
    }

    /** Connects and logs in, for the first time, with the ISID that this session always has where it is kept. Interrupted, it leaves none. */
    static TargetNexus open(Transport transport, LunUrl url, SessionSettings settings)
            throws CommandException, InterruptedException {
        SessionClaim claim = settings.keepsIsid() ? SessionClaim.first(Root.ofThisHost(), url) : SessionClaim.unkept();
        try {
            return open(transport, url, settings, claim);
        } catch (CommandException | InterruptedException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    /**
     * The same with a claim of the caller's.
     *
     * @param claim this one's to close from now on, unless the login fails
     */
    public static TargetNexus open(Transport transport, LunUrl url, SessionSettings settings, SessionClaim claim)
            throws CommandException, InterruptedException {
        SessionConfig config =
                settings.applyTo(Sessions.lasting(url.portal(), url.targetName(), claim.identity()), url);
        SessionConnector connector = new SessionConnector(transport.eventLoop(), transport.tcpChannel());
        return new TargetNexus(logIn(connector, config, settings.recovery()), claim, settings);
    }

    /** The same for a session of a node record. */
    public static TargetNexus open(Transport transport, LunUrl url, NodeSettings node, SessionClaim claim)
            throws CommandException, InterruptedException {
        SessionSettings settings = node.session();
        SessionConfig config =
                node.applyTo(settings.applyTo(Sessions.lasting(url.portal(), url.targetName(), claim.identity()), url));
        SessionConnector connector =
                new SessionConnector(transport.eventLoop(), transport.tcpChannel(), SocketBinding.of(node));
        return new TargetNexus(logIn(connector, config, settings.recovery()), claim, settings);
    }

    private static Nexus logIn(SessionConnector connector, SessionConfig config, RecoveryPolicy policy)
            throws CommandException, InterruptedException {
        Opening opening = new Opening();
        Nexus.open(
                connector::open,
                config,
                policy,
                () -> ThreadLocalRandom.current().nextDouble(),
                opening);
        try {
            return opening.nexus.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SessionException known) {
                throw SessionFailures.of(config, known);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            opening.nexus.cancel(false);
            throw e;
        }
    }

    public Nexus nexus() {
        return nexus;
    }

    /** Logs out, or stops trying to log in. Bounded; a target that does not answer is left alone. */
    @Override
    public void close() {
        CountDownLatch closed = new CountDownLatch(1);
        nexus.eventLoop().execute(() -> nexus.close(closed::countDown));
        if (!Uninterrupted.await(closed, logoutMillis + MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("{}: no end of the logout; left to the target", nexus);
        }
        claim.close();
    }

    /** Closes a nexus that nobody waits for any more. */
    private static final class Opening implements NexusOpening {

        private final CompletableFuture<Nexus> nexus = new CompletableFuture<>();

        @Override
        public void opened(Nexus opened) {
            if (!nexus.complete(opened)) {
                opened.close(() -> LOG.debug("{}: closed, as it came too late", opened));
            }
        }

        @Override
        public void failed(SessionException cause) {
            nexus.completeExceptionally(cause);
        }
    }
}
