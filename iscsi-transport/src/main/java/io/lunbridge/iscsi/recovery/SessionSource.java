package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionOpening;

/** Where sessions come from: {@link io.lunbridge.iscsi.session.SessionConnector#open}. */
@FunctionalInterface
public interface SessionSource {

    /** Opens a session; {@code opening} is told once, on the event loop. */
    void open(SessionConfig config, SessionOpening opening);
}
