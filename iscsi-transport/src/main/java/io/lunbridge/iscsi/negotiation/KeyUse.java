package io.lunbridge.iscsi.negotiation;

/**
 * When and by whom a key may be sent (RFC 7143 section 13).
 *
 * @param phase "Use"
 * @param sender "Senders"
 * @param sessionWide scope SW; else CO, one connection
 * @param anyStage allowed in the security stage too
 * @param inDiscovery meaningful in a discovery session
 */
public record KeyUse(Phase phase, Sender sender, boolean sessionWide, boolean anyStage, boolean inDiscovery) {

    /** "Use". */
    public enum Phase {
        /** LO: only in the login of a session's first connection. */
        LEADING_ONLY,
        /** IO: only during login. */
        INITIALIZE_ONLY,
        /** ALL. */
        ALWAYS,
        /** FFPO: only in the Full Feature Phase. */
        FULL_FEATURE_PHASE_ONLY
    }

    /** "Senders". */
    public enum Sender {
        INITIATOR,
        TARGET,
        BOTH
    }

    static final KeyUse SESSION = leading(false);
    static final KeyUse SESSION_AND_DISCOVERY = leading(true);
    static final KeyUse CONNECTION_LOGIN = new KeyUse(Phase.INITIALIZE_ONLY, Sender.BOTH, false, false, true);
    static final KeyUse CONNECTION = new KeyUse(Phase.ALWAYS, Sender.BOTH, false, false, true);
    static final KeyUse NAME = new KeyUse(Phase.INITIALIZE_ONLY, Sender.INITIATOR, true, true, true);
    static final KeyUse SESSION_TYPE = new KeyUse(Phase.LEADING_ONLY, Sender.INITIATOR, true, true, true);
    static final KeyUse INITIATOR_NEWS = new KeyUse(Phase.ALWAYS, Sender.INITIATOR, true, true, true);
    static final KeyUse TARGET_NEWS = new KeyUse(Phase.ALWAYS, Sender.TARGET, true, true, true);
    static final KeyUse TARGET_LOGIN_NEWS = new KeyUse(Phase.INITIALIZE_ONLY, Sender.TARGET, true, true, true);
    static final KeyUse QUESTION = new KeyUse(Phase.FULL_FEATURE_PHASE_ONLY, Sender.INITIATOR, true, false, true);
    static final KeyUse SECURITY = new KeyUse(Phase.INITIALIZE_ONLY, Sender.BOTH, false, true, true);

    private static KeyUse leading(boolean inDiscovery) {
        return new KeyUse(Phase.LEADING_ONLY, Sender.BOTH, true, false, inDiscovery);
    }

    boolean mayComeFrom(Sender side) {
        return sender == Sender.BOTH || sender == side;
    }
}
