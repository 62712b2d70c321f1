package io.lunbridge.iscsi.session;

import org.jspecify.annotations.Nullable;

/**
 * Everything that a session is opened with, and opened again with after a loss: immutable and whole, so that nothing can
 * be forgotten then.
 */
public final class SessionConfig {

    /** Most commands of one session that are on the wire at once. */
    public static final int MAX_QUEUE_DEPTH = 1024;

    private final String initiatorName;
    private final @Nullable String targetName;
    private final Portal portal;
    private final long isid;
    private final int queueDepth;
    private final Timeouts timeouts;

    private SessionConfig(Builder builder) {
        initiatorName = builder.initiatorName;
        targetName = builder.targetName;
        portal = builder.portal;
        isid = builder.isid;
        queueDepth = builder.queueDepth;
        timeouts = builder.timeouts;
    }

    /** A session with one target, for SCSI. */
    public static Builder normal(String initiatorName, String targetName, Portal portal) {
        return new Builder(initiatorName, targetName, portal);
    }

    /** A session that only asks what targets there are. */
    public static Builder discovery(String initiatorName, Portal portal) {
        return new Builder(initiatorName, null, portal).timeouts(Timeouts.DEFAULT.withoutPings());
    }

    public String initiatorName() {
        return initiatorName;
    }

    /** Null in a discovery session. */
    public @Nullable String targetName() {
        return targetName;
    }

    public Portal portal() {
        return portal;
    }

    /** The six bytes of the ISID, the first one most significant. */
    public long isid() {
        return isid;
    }

    /** Our own limit of commands on the wire; the target's window may be smaller. */
    public int queueDepth() {
        return queueDepth;
    }

    public Timeouts timeouts() {
        return timeouts;
    }

    /** Collects a configuration; everything but the names and the portal has a default. */
    public static final class Builder {

        /** OUI format with no vendor: an ISID of type "random", the qualifier in the low bits. */
        private static final long DEFAULT_ISID = 0x8000_0000_0000L;

        private static final int DEFAULT_QUEUE_DEPTH = 128;

        private final String initiatorName;
        private final @Nullable String targetName;
        private final Portal portal;
        private long isid = DEFAULT_ISID;
        private int queueDepth = DEFAULT_QUEUE_DEPTH;
        private Timeouts timeouts = Timeouts.DEFAULT;

        private Builder(String initiatorName, @Nullable String targetName, Portal portal) {
            this.initiatorName = initiatorName;
            this.targetName = targetName;
            this.portal = portal;
        }

        /** Six bytes that tell this initiator's sessions with one target apart, the same at every login. */
        public Builder isid(long sixBytes) {
            if (sixBytes >>> 48 != 0) {
                throw new IllegalArgumentException("an ISID has six bytes");
            }
            isid = sixBytes;
            return this;
        }

        public Builder queueDepth(int commands) {
            if (commands < 1 || commands > MAX_QUEUE_DEPTH) {
                throw new IllegalArgumentException("queue depth must be 1 to " + MAX_QUEUE_DEPTH);
            }
            queueDepth = commands;
            return this;
        }

        public Builder timeouts(Timeouts newTimeouts) {
            timeouts = newTimeouts;
            return this;
        }

        public SessionConfig build() {
            return new SessionConfig(this);
        }
    }
}
