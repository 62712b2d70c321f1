package io.lunbridge.iscsi.session;

/** Told, on the event loop, when a session is over. */
@FunctionalInterface
public interface SessionListener {

    /** After all tasks have failed; {@code cause} is a {@link SessionException} if we closed it ourselves. */
    void sessionEnded(IscsiException cause);
}
