package io.lunbridge.iscsi.disk;

import java.io.Serial;

/** A logical unit cannot be opened as a disk. The message is a sentence for people, without its full stop. */
public final class DiskException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /** Why, as a caller can act on it. */
    public enum Kind {
        /** No logical unit answers behind that LUN. */
        NO_SUCH_LUN,
        /** The unit is a tape, an enclosure or something else that has no blocks at random. */
        NOT_A_DISK,
        /** The unit has not become ready in time, or has no medium. */
        NOT_READY,
        /** Blocks of a size that cannot be served. */
        UNSUPPORTED_FORMAT,
        /** The unit refuses a command that every disk must know. */
        REFUSED,
        /** The session was lost while asking. */
        SESSION_LOST
    }

    private final Kind kind;

    DiskException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
