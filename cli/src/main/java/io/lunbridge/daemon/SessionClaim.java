package io.lunbridge.daemon;

import org.jspecify.annotations.Nullable;

/**
 * The right to be a certain session for its target: held by one process at a time, until it is closed or the process ends.
 * Two sessions of one identity would end each other.
 */
public final class SessionClaim implements AutoCloseable {

    private final String initiatorName;
    private final IsidStore.Lease isid;

    private SessionClaim(String initiatorName, IsidStore.Lease isid) {
        this.initiatorName = initiatorName;
        this.isid = isid;
    }

    /** Of a session that is kept nowhere. */
    static SessionClaim unkept() {
        return new SessionClaim(InitiatorName.ofThisHost(), IsidStore.unkept());
    }

    /** Of a session that nobody else has now; where an earlier process had such a session, of that one. */
    public static SessionClaim first(Root root, LunUrl url) {
        return first(root, url, null);
    }

    /** The same for an initiator of that name; null for this host's. */
    public static SessionClaim first(Root root, LunUrl url, @Nullable String initiatorName) {
        String name = initiatorName == null ? InitiatorName.of(root) : initiatorName;
        return new SessionClaim(name, new IsidStore(root.isids()).lease(name, url.targetName(), url.portal()));
    }

    /** Of exactly this session; null while another process has it. */
    public static @Nullable SessionClaim again(Root root, LunUrl url, SessionIdentity identity) {
        String name = identity.initiatorName();
        IsidStore.Lease isid = new IsidStore(root.isids())
                .again(IsidStore.session(name, url.targetName(), url.portal()), identity.number(), identity.isid());
        return isid == null ? null : new SessionClaim(name, isid);
    }

    public SessionIdentity identity() {
        return new SessionIdentity(initiatorName, isid.isid(), isid.number());
    }

    /** The session is over. */
    @Override
    public void close() {
        isid.close();
    }
}
