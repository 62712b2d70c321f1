package io.lunbridge.iscsi.session;

import java.io.Serial;

/** One command failed without a usable SCSI status; the connection goes on. */
public final class TaskException extends IscsiException {

    @Serial
    private static final long serialVersionUID = 1L;

    TaskException(String message) {
        super(message);
    }
}
