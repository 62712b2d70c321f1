package io.lunbridge.isns;

/** Names of the status codes in answers (RFC 4171 section 5.4). */
final class IsnsStatus {

    static final int SUCCESS = 0;

    private static final String[] TEXTS = {
        "Success",
        "Unknown error",
        "Message format error",
        "Invalid registration",
        "Reserved",
        "Invalid query",
        "Source unknown",
        "Source absent",
        "Source unauthorized",
        "No such entry",
        "Version not supported",
        "Internal error",
        "Busy",
        "Option not understood",
        "Invalid update",
        "Message not supported",
        "SCN event rejected",
        "SCN registration rejected",
        "Attribute not implemented"
    };

    private IsnsStatus() {}

    static String text(int code) {
        return code >= 0 && code < TEXTS.length ? TEXTS[code] : "Unknown error code " + Integer.toUnsignedString(code);
    }
}
