package io.lunbridge.iscsi.pdu;

/** The stages of CSG and NSG (RFC 7143 section 11.12.3). */
public enum LoginStage {
    SECURITY_NEGOTIATION,
    OPERATIONAL_NEGOTIATION,
    RESERVED,
    FULL_FEATURE_PHASE;

    private static final LoginStage[] BY_CODE = values();

    static LoginStage of(int code) {
        return BY_CODE[code];
    }

    int code() {
        return switch (this) {
            case SECURITY_NEGOTIATION -> 0;
            case OPERATIONAL_NEGOTIATION -> 1;
            case RESERVED -> 2;
            case FULL_FEATURE_PHASE -> 3;
        };
    }
}
