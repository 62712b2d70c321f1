package io.lunbridge.iscsiadm;

/** The daemon did not do what it was asked for. */
final class DaemonFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    /** @param sentence what to tell beside the error's own text; empty if there is nothing */
    DaemonFailure(ErrorCode error, String sentence) {
        super(sentence, null, false, false);
        this.error = error;
    }

    ErrorCode error() {
        return error;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
