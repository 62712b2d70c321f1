package io.lunbridge.sessions;

import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusMember;
import io.lunbridge.iscsi.session.ConnectionException;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionListener;
import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.SenseData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What befalls a session between its login and its logout: written to the log in open-iscsi's words, for those who look for
 * them there (M-131, M-132), and passed on where something follows. On the session's event loop.
 */
final class SessionWatch implements NexusMember {

    private static final Logger LOG = LoggerFactory.getLogger(SessionWatch.class);

    /** Open-iscsi's number of a connection that is logged in. */
    private static final int LOGGED_IN = 3;

    private final Nexus nexus;
    private final NodeSession session;
    private final int sid;

    private SessionWatch(Nexus nexus, NodeSession session) {
        this.nexus = nexus;
        this.session = session;
        sid = session.note().node().sid();
    }

    /** From now on. Called on the loop. */
    static void start(Nexus nexus, NodeSession session) {
        SessionWatch watch = new SessionWatch(nexus, session);
        nexus.add(watch);
        watch.listen(nexus.session());
    }

    /** Also where the session has no disk that would hear of it. */
    private void listen(Session current) {
        current.addListener(new SessionListener() {
            @Override
            public void sessionEnded(IscsiException cause) {}

            @Override
            public void scsiEvent(long lunBytes, SenseData sense) {
                if (sense.additional() == AdditionalSense.REPORTED_LUNS_CHANGED) {
                    session.unitsChanged();
                }
            }
        });
    }

    @Override
    public void sessionLost(IscsiException cause) {
        LOG.warn("Kernel reported iSCSI connection {}:0 error ({}) state ({})", sid, error(cause), LOGGED_IN);
    }

    private static String error(IscsiException cause) {
        if (!(cause instanceof ConnectionException loss)) {
            return "1013 - ISCSI_ERR_SESSION_FAILED: iSCSI session failed";
        }
        return switch (loss.reason()) {
            case TARGET -> "1020 - ISCSI_ERR_TCP_CONN_CLOSE: TCP connection closed";
            case SILENCE -> "1022 - ISCSI_ERR_NOP_TIMEDOUT: A NOP has timed out";
            case ERROR_HANDLING ->
                "1021 - ISCSI_ERR_SCSI_EH_SESSION_RST: Session was dropped as a result of SCSI error recovery";
            case FAULT -> "1011 - ISCSI_ERR_CONN_FAILED: iSCSI connection failed";
        };
    }

    @Override
    public void revalidate(Session next, Verdict verdict) {
        verdict.usable();
    }

    @Override
    public void resumed(Session next) {
        LOG.info("connection{}:0 is operational after recovery ({} attempts)", sid, nexus.logins());
        listen(next);
    }

    @Override
    public void failFast(String why) {
        LOG.debug("sid {}: {}", sid, why);
    }

    @Override
    public void unitsChanged() {
        session.unitsChanged();
    }

    @Override
    public void gone(String why) {
        if (nexus.hasGivenUp()) {
            session.giveUp();
        }
    }
}
