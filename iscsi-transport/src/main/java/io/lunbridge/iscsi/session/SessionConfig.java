package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.TargetAddress;

/**
 * Everything that a session is opened with, and opened again with after a loss: immutable and whole, so that nothing can
 * be forgotten then.
 *
 * @param portal where the target listens; its portal group tag is not looked at
 * @param login names, ISID, keys to propose, authentication
 * @param limits of what we send; the target's may be smaller
 * @param timeouts how long to wait for what
 */
public record SessionConfig(TargetAddress portal, LoginParameters login, Limits limits, Timeouts timeouts) {

    /** Most commands of one session that are on the wire at once. */
    public static final int MAX_QUEUE_DEPTH = 2048;

    /** What targets grant mostly. */
    public static final int DEFAULT_QUEUE_DEPTH = 128;

    /** An ISID of the "random" format with the qualifier 1: for a host with one session to each target. */
    public static final long DEFAULT_ISID = 0x8000_0000_0001L;

    /**
     * What we send at most.
     *
     * @param commands on the wire of the session, 1 to {@link #MAX_QUEUE_DEPTH}
     * @param commandsOfUnit on the wire of one unit of it, 1 to {@link #MAX_QUEUE_DEPTH}
     * @param segmentBytes of data in one PDU; 0 for what the target takes
     */
    public record Limits(int commands, int commandsOfUnit, int segmentBytes) {

        public Limits {
            requireDepth(commands);
            requireDepth(commandsOfUnit);
        }

        /** One unit may have all commands. */
        static Limits of(int commands) {
            return new Limits(commands, commands, 0);
        }

        private static void requireDepth(int depth) {
            if (depth < 1 || depth > MAX_QUEUE_DEPTH) {
                throw new IllegalArgumentException("queue depth must be 1 to " + MAX_QUEUE_DEPTH);
            }
        }

        NegotiatedKeys applyTo(NegotiatedKeys keys) {
            int taken = keys.lengths().maxSendBytes();
            return segmentBytes == 0 || segmentBytes >= taken ? keys : keys.withMaxSendBytes(segmentBytes);
        }
    }

    /** A session for SCSI, without authentication, all else by default. */
    public static SessionConfig normal(TargetAddress portal, String initiatorName, String targetName) {
        LoginIdentity identity = new LoginIdentity(initiatorName, targetName, DEFAULT_ISID, 0, 0);
        LoginParameters login = LoginParameters.unauthenticated(identity, KeyOffer.forSpeed());
        return new SessionConfig(portal, login, Limits.of(DEFAULT_QUEUE_DEPTH), Timeouts.DEFAULT);
    }

    /** A session that asks what targets there are, without authentication. */
    public static SessionConfig discovery(TargetAddress portal, String initiatorName) {
        LoginIdentity identity = new LoginIdentity(initiatorName, null, DEFAULT_ISID, 0, 0);
        LoginParameters login = LoginParameters.unauthenticated(identity, KeyOffer.forDiscovery());
        return new SessionConfig(portal, login, Limits.of(1), Timeouts.DEFAULT.withoutPings());
    }

    public SessionConfig withLogin(LoginParameters newLogin) {
        return new SessionConfig(portal, newLogin, limits, timeouts);
    }

    public SessionConfig withQueueDepth(int commands) {
        return withLimits(Limits.of(commands));
    }

    public SessionConfig withLimits(Limits newLimits) {
        return new SessionConfig(portal, login, newLimits, timeouts);
    }

    /** The target has moved for good. */
    SessionConfig withPortal(TargetAddress newPortal) {
        return new SessionConfig(newPortal, login, limits, timeouts);
    }

    public SessionConfig withTimeouts(Timeouts newTimeouts) {
        return new SessionConfig(portal, login, limits, newTimeouts);
    }

    /** For messages: the target's name, or that this is a discovery session, and where. */
    @Override
    public String toString() {
        String name = login.identity().targetName();
        return (name == null ? "discovery" : name) + " at " + portal;
    }
}
