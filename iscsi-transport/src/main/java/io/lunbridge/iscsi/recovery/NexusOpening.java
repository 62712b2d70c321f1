package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.SessionException;

/** Told, on the event loop, once, whether the first login succeeded. */
public interface NexusOpening {

    void opened(Nexus nexus);

    void failed(SessionException cause);
}
