package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a login hands to the full feature phase.
 *
 * @param tsih the target's handle of the session
 * @param sequence where the sequence numbers begin
 * @param keys what was negotiated
 * @param place where the target was reached
 */
public record FullFeature(int tsih, LoginOutcome.Sequence sequence, NegotiatedKeys keys, Place place) {

    /**
     * Where a session's connection begins and ends.
     *
     * @param portalGroupTag as the target told it, or {@link TargetAddress#NO_TAG}
     * @param local our address; null where the channel has none
     * @param remote the target's, after all redirections; null where the channel has none
     */
    public record Place(
            int portalGroupTag,
            @Nullable SocketAddress local,
            @Nullable SocketAddress remote) {

        /** Of a connection of which nothing is known. */
        public static final Place UNKNOWN = new Place(TargetAddress.NO_TAG, null, null);
    }

    /** Of a login at no known place. */
    FullFeature(int tsih, LoginOutcome.Sequence sequence, NegotiatedKeys keys) {
        this(tsih, sequence, keys, Place.UNKNOWN);
    }

    SendLimits sendLimits() {
        return new SendLimits(
                keys.flow().initialR2t(),
                keys.flow().immediateData(),
                keys.lengths().firstBurstBytes(),
                keys.lengths().maxSendBytes(),
                keys.lengths().maxBurstBytes());
    }
}
