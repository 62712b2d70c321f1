package io.lunbridge.iscsi.session;

import io.lunbridge.scsi.SenseData;

/** Told, on the event loop, what befalls a session as a whole. */
@FunctionalInterface
public interface SessionListener {

    /** After all tasks have failed; {@code cause} is a {@link SessionException} if we closed it ourselves. */
    void sessionEnded(IscsiException cause);

    /**
     * The target tells of a unit without being asked (RFC 7143 section 11.9.1, event 0).
     *
     * @param lunBytes the unit, as on the wire
     */
    default void scsiEvent(long lunBytes, SenseData sense) {}

    /** Commands of the session are being aborted, and new ones held back; or that is over. */
    default void errorHandling(boolean active) {}
}
