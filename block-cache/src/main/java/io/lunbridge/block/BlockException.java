package io.lunbridge.block;

import java.io.Serial;

/** A request's failure. Carries no stack trace: it is made on the data path and describes the medium, not a bug. */
public final class BlockException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final BlockError error;

    public BlockException(BlockError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    public BlockError error() {
        return error;
    }
}
