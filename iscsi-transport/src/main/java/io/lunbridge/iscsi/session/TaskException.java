package io.lunbridge.iscsi.session;

import java.io.Serial;

/** One command failed without a usable SCSI status; the connection goes on. */
public final class TaskException extends IscsiException {

    /** Why, as far as it decides whether the same command may be sent again. */
    public enum Kind {
        /** A data digest did not match: the data was damaged on its way, the next try may succeed. */
        DATA_DIGEST,
        /** The task was aborted, or swept away by a reset, by ourselves or somebody else. */
        ABORTED,
        /** The target refused the PDU. */
        REJECTED,
        /** The target's answer makes no sense: the same is to be expected of a repetition. */
        DEFECT;

        /** Whether the same command, sent again, may succeed. */
        public boolean passes() {
            return this == DATA_DIGEST || this == ABORTED;
        }
    }

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    TaskException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
