package io.lunbridge.iscsiadm;

import io.lunbridge.records.RecordDatabase;
import java.util.List;

/**
 * What every mode works with.
 *
 * @param database this host's records
 * @param daemon who holds the sessions; not asked before a mode needs one
 */
record Context(Console console, RecordDatabase database, DaemonLink daemon) {

    /**
     * The sessions, by sid; none where no daemon is.
     *
     * @throws CommandEnd if there is one and it does not tell, which the user is told
     */
    List<Session> sessions() throws CommandEnd {
        try {
            return daemon.sessions();
        } catch (DaemonFailure e) {
            console.error(e.sentence());
            throw new CommandEnd(e.error());
        }
    }
}
