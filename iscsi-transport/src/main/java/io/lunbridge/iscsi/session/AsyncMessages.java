package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.scsi.SenseData;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the target tells without being asked (RFC 7143 section 11.9.1), and what follows from it.
 *
 * <p>A logout that it asks for waits for the commands in flight, at most half of the time that is granted; new ones are
 * held back meanwhile. Vendors' events and unassigned ones are passed over, and so is Task Termination, which may only be
 * used after a negotiation that we do not make.
 */
final class AsyncMessages {

    private static final Logger LOG = LoggerFactory.getLogger(AsyncMessages.class);
    private static final int HALF_SECOND_MILLIS = 500;

    private final Session session;
    private final Connection connection;

    private boolean logoutWanted;
    private int reconnectAfterSeconds;
    private @Nullable ScheduledFuture<?> latestLogout;

    AsyncMessages(Session session, Connection connection) {
        this.session = session;
        this.connection = connection;
    }

    /**
     * Acts on the message.
     *
     * @param sense {@link SenseData#NONE} if there is none, or none that can be read
     */
    void received(AsyncMessage header, SenseData sense) {
        LOG.info("{}: the target tells: {}", session, header.event());
        switch (header.event()) {
            case SCSI_EVENT -> {
                if (!sense.equals(SenseData.NONE)) {
                    session.tellScsiEvent(header.lun(), sense);
                }
            }
            case LOGOUT_REQUEST -> wantLogout(header.parameter2(), header.parameter3());
            case CONNECTION_DROP, SESSION_DROP ->
                connection.drop(ConnectionException.byTarget("the target drops the connection", header.parameter2()));
            case NEGOTIATION_REQUEST -> new Renegotiation(session).begin();
            default -> LOG.debug("{}: nothing follows from it", session);
        }
    }

    /** Whether the target wants no more commands. */
    boolean isLogoutWanted() {
        return logoutWanted;
    }

    /**
     * Sends a logout soon, and ends the session as by a lost connection.
     *
     * @param afterSeconds how long to wait then before connecting again
     * @param withinSeconds by when the target wants the logout
     */
    void wantLogout(int afterSeconds, int withinSeconds) {
        if (!logoutWanted && !session.control().isLoggingOut()) {
            logoutWanted = true;
            connection.transition(ConnectionState.LOGOUT_REQUESTED);
        }
        reconnectAfterSeconds = afterSeconds;
        cancel();
        latestLogout = session.eventLoop()
                .schedule(this::logOut, (long) withinSeconds * HALF_SECOND_MILLIS, TimeUnit.MILLISECONDS);
        commandsMayBeDone();
    }

    /** To be called after each turn in which commands may have ended. */
    void commandsMayBeDone() {
        if (logoutWanted && session.isIdle()) {
            logOut();
        }
    }

    /** The session is over. */
    void cancel() {
        if (latestLogout != null) {
            latestLogout.cancel(false);
        }
    }

    private void logOut() {
        cancel();
        session.logOut(new ConnectionException("the target has asked for a logout", reconnectAfterSeconds));
    }
}
