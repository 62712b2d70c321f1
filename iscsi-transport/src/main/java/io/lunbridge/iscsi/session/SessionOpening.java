package io.lunbridge.iscsi.session;

/** Told, on the event loop, once, whether a session could be opened. */
public interface SessionOpening {

    /** The session is in full feature phase. */
    void opened(Session session);

    /** There is none, and nothing is left of the attempt. */
    void failed(SessionException cause);
}
