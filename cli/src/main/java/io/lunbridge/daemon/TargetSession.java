package io.lunbridge.daemon;

import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of this process with a target: opened and closed by a thread that may block. */
final class TargetSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

    /** The session bounds its logout itself; this is for a loop that does not turn. */
    private static final long MAX_CLOSE_MILLIS = 5000;

    private final Session session;

    private TargetSession(Session session) {
        this.session = session;
    }

    /** Connects and logs in. Interrupted, it leaves no session. */
    static TargetSession open(Transport transport, SessionConfig config) throws CommandException, InterruptedException {
        Opening opening = new Opening();
        new SessionConnector(transport.eventLoop(), transport.tcpChannel()).open(config, opening);
        try {
            return new TargetSession(opening.session.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SessionException known) {
                throw SessionFailures.of(config, known);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            opening.session.cancel(false);
            throw e;
        }
    }

    Session session() {
        return session;
    }

    /** Logs out. Bounded; a target that does not answer is left alone. */
    @Override
    public void close() {
        CountDownLatch closed = new CountDownLatch(1);
        session.eventLoop().execute(() -> session.close(closed::countDown));
        if (!Uninterrupted.await(closed, MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("{}: no end of the logout; left to the target", session);
        }
    }

    /** Closes a session that nobody waits for any more. */
    private static final class Opening implements SessionOpening {

        private final CompletableFuture<Session> session = new CompletableFuture<>();

        @Override
        public void opened(Session opened) {
            if (!session.complete(opened)) {
                opened.close(() -> LOG.debug("{}: closed, as it came too late", opened));
            }
        }

        @Override
        public void failed(SessionException cause) {
            session.completeExceptionally(cause);
        }
    }
}
