package io.lunbridge.iscsi.login;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.LoginStatus;
import org.jspecify.annotations.Nullable;

/** How a login ended. Except for {@link LoggedIn} the connection is to be closed. */
public sealed interface LoginOutcome {

    /**
     * The connection is in the Full Feature Phase.
     *
     * @param tsih the target's handle of the session
     * @param sequence where the sequence numbers begin
     * @param keys what was negotiated, in force from the next PDU on
     * @param target what the target told of itself
     */
    record LoggedIn(int tsih, Sequence sequence, NegotiatedKeys keys, TargetNews target) implements LoginOutcome {}

    /**
     * Where the sequence numbers of a session's first connection begin.
     *
     * @param cmdSn CmdSN of the first non-immediate command
     * @param maxCmdSn last CmdSN that the target takes for now
     * @param expStatSn the StatSN that is expected next
     */
    record Sequence(int cmdSn, int maxCmdSn, int expStatSn) {}

    /**
     * What the target told of itself.
     *
     * @param alias TargetAlias, if it was told
     * @param portalGroupTag TargetPortalGroupTag, or {@link TargetAddress#NO_TAG}
     */
    record TargetNews(@Nullable String alias, int portalGroupTag) {}

    /**
     * Status class 1: the target is elsewhere.
     *
     * @param address where to log in instead
     * @param permanent whether the old address is no longer good
     */
    record Redirected(TargetAddress address, boolean permanent) implements LoginOutcome {}

    /**
     * Status class 2 or 3, or one that the standard does not know: the target refused.
     *
     * @param status the meaning, {@link LoginStatus#UNKNOWN} if there is none
     * @param code class and detail as they were on the wire
     */
    record Refused(LoginStatus status, int code) implements LoginOutcome {

        /** Class 3: the same login may succeed later. Class 2 is the initiator's error and stays. */
        public boolean mayRetry() {
            return code >> 8 == 3;
        }
    }

    /**
     * The two sides did not come to an end.
     *
     * @param reason in words, to be shown to people
     */
    record Failed(String reason) implements LoginOutcome {}

    /**
     * We ended it in the security stage: the target asks for credentials that we do not have, or fails to prove itself.
     *
     * @param reason in words, to be shown to people; holds nothing secret
     */
    record NotAuthenticated(String reason) implements LoginOutcome {}
}
