package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;

/**
 * What a login hands to the full feature phase.
 *
 * @param tsih the target's handle of the session
 * @param sequence where the sequence numbers begin
 * @param keys what was negotiated
 */
public record FullFeature(int tsih, LoginOutcome.Sequence sequence, NegotiatedKeys keys) {

    SendLimits sendLimits() {
        return new SendLimits(
                keys.flow().initialR2t(),
                keys.flow().immediateData(),
                keys.lengths().firstBurstBytes(),
                keys.lengths().maxSendBytes(),
                keys.lengths().maxBurstBytes());
    }
}
