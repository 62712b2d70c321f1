package io.lunbridge.iscsi.pdu;

/** Status-Class and Status-Detail of a Login Response (RFC 7143 section 11.13.5). */
public enum LoginStatus {
    SUCCESS(0x0000, "login proceeds"),
    MOVED_TEMPORARILY(0x0101, "the target has moved temporarily"),
    MOVED_PERMANENTLY(0x0102, "the target has moved permanently"),
    INITIATOR_ERROR(0x0200, "the target refuses this initiator's login"),
    AUTHENTICATION_FAILURE(0x0201, "authentication failed"),
    AUTHORIZATION_FAILURE(0x0202, "the initiator is not allowed to use this target"),
    NOT_FOUND(0x0203, "the target does not exist at this address"),
    TARGET_REMOVED(0x0204, "the target has been removed"),
    UNSUPPORTED_VERSION(0x0205, "the target does not speak this version of iSCSI"),
    TOO_MANY_CONNECTIONS(0x0206, "the session has too many connections"),
    MISSING_PARAMETER(0x0207, "the target misses a parameter"),
    CANNOT_INCLUDE_IN_SESSION(0x0208, "the session cannot span to this address"),
    SESSION_TYPE_NOT_SUPPORTED(0x0209, "the target does not support this type of session"),
    SESSION_DOES_NOT_EXIST(0x020a, "the session does not exist"),
    INVALID_DURING_LOGIN(0x020b, "the request is invalid during login"),
    TARGET_ERROR(0x0300, "the target has a hardware or software error"),
    SERVICE_UNAVAILABLE(0x0301, "the target is not operational"),
    OUT_OF_RESOURCES(0x0302, "the target is out of resources"),
    /** A code that the standard does not assign; its class still counts. */
    UNKNOWN(-1, "the target answered an unassigned status");

    private final int code;
    private final String meaning;

    LoginStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** Class in the upper byte, detail in the lower. */
    public int code() {
        return code;
    }

    /** In words, to be shown to people. */
    public String meaning() {
        return meaning;
    }

    public static LoginStatus of(int code) {
        for (LoginStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return UNKNOWN;
    }
}
