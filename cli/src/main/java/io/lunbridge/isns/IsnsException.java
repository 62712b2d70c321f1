package io.lunbridge.isns;

/** An iSNS server was not reached, or did not answer the question. */
public final class IsnsException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What stands for all that is not the server's own word. */
    private static final String INTERNAL = "Internal error";

    private final String status;

    private IsnsException(String status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** Of a connection or an answer that is no good. */
    static IsnsException of(String message) {
        return new IsnsException(INTERNAL, message);
    }

    /** Of an answer that says no. */
    static IsnsException refusal(int code) {
        String status = IsnsStatus.text(code);
        return new IsnsException(status, "the iSNS server answers: " + status);
    }

    /** The name of the server's status code, {@code Internal error} if there is none. */
    public String status() {
        return status;
    }
}
