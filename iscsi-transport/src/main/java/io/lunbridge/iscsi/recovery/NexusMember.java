package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;

/** A user of the nexus's sessions, such as a disk. Told everything on the nexus's event loop. */
public interface NexusMember {

    /** How a member finds a new session. Of several calls for one session the last one counts. */
    interface Verdict {

        /** The unit is the one it was: the member is resumed before this returns. */
        void usable();

        /** It may become usable on this session: asked again later, while the replacement timer runs. */
        void notYet(String why);

        /** Something else answers: the member's requests fail from now on; asked again now and then. */
        void refused(String why);
    }

    /** There is no session any more; every task has failed already. Nothing may be sent until {@link #resumed}. */
    void sessionLost(IscsiException cause);

    /**
     * Find out whether the new session leads to the same unit, and tell the verdict, on the loop, maybe at once. Nothing
     * else may be sent on it yet. When the session is lost meanwhile, no verdict is due.
     */
    void revalidate(Session session, Verdict verdict);

    /** The verdict was good: what was held is to be sent on this session. */
    void resumed(Session session);

    /** All that is held fails, and new requests fail at once, until {@link #resumed}. */
    void failFast(String why);

    /** The target tells that it has other units than before. */
    default void unitsChanged() {}

    /** The nexus will never have a session again: it was closed, has given up, or never recovers. */
    void gone(String why);
}
