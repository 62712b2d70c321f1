package io.lunbridge.records;

/** The database could not be read or written. */
public final class RecordFailure extends Exception {

    /** The exit code of {@code iscsiadm} for a database that fails ({@code ISCSI_ERR_IDBM}). */
    public static final int DATABASE = 6;

    /** The exit code of {@code iscsiadm} for a name that cannot be a record's ({@code ISCSI_ERR_INVAL}). */
    public static final int INVALID = 7;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    RecordFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static RecordFailure database(String message) {
        return new RecordFailure(DATABASE, message);
    }

    /** The exit code of {@code iscsiadm}: {@link #DATABASE} or {@link #INVALID}. */
    public int exitCode() {
        return exitCode;
    }
}
