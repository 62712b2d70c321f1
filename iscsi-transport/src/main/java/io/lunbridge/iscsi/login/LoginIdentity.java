package io.lunbridge.iscsi.login;

import org.jspecify.annotations.Nullable;

/**
 * Who logs in where. The same in every request of a login.
 *
 * @param initiatorName our iSCSI name
 * @param targetName the target's iSCSI name; null makes a discovery session
 * @param isid our part of the session's identifier, 48 bits; kept over reconnects, so that a new login with TSIH 0
 *     reinstates the session instead of leaving the old one behind
 * @param tsih the session to join, 0 for a new session
 * @param connectionId CID, 16 bits
 */
public record LoginIdentity(String initiatorName, @Nullable String targetName, long isid, int tsih, int connectionId) {

    /** Whether this is a discovery session. */
    public boolean discovery() {
        return targetName == null;
    }
}
