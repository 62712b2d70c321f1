package io.lunbridge.iscsi.recovery;

/**
 * What becomes of requests while there is no session, and how it is noticed that a unit has changed while there is one.
 *
 * @param replacementSeconds how long requests wait for a usable session before all fail, counted from the loss; 0 not at
 *     all, negative for ever
 * @param holdsInFlight whether commands that were on the wire are sent again on the next session; else they fail at
 *     once, for a layer above that has another path
 * @param trustsTargetCache whether what the target has answered outlives the session even where the unit has a volatile
 *     write cache: no flush fails on account of a lost session then
 * @param recheckSeconds about how often a member asks its unit what targets may change without telling; 0 never
 * @param maxLogins failed logins in a row after a loss with which the nexus gives up for good; 0 for never
 */
public record RecoveryPolicy(
        int replacementSeconds, boolean holdsInFlight, boolean trustsTargetCache, int recheckSeconds, int maxLogins) {

    /** The default of {@code recheckSeconds}. */
    public static final int RECHECK_SECONDS = 30;

    /** As the kernel's initiator without a multipath layer above, but for the rechecks, which it has not. */
    public static final RecoveryPolicy DEFAULT = new RecoveryPolicy(120, true, false, RECHECK_SECONDS, 0);

    /** Whether nothing ends the waiting but a usable session. */
    public boolean waitsForEver() {
        return replacementSeconds < 0;
    }

    public RecoveryPolicy withReplacementSeconds(int seconds) {
        return new RecoveryPolicy(seconds, holdsInFlight, trustsTargetCache, recheckSeconds, maxLogins);
    }

    public RecoveryPolicy withHoldsInFlight(boolean holds) {
        return new RecoveryPolicy(replacementSeconds, holds, trustsTargetCache, recheckSeconds, maxLogins);
    }

    public RecoveryPolicy withTrustsTargetCache(boolean trusts) {
        return new RecoveryPolicy(replacementSeconds, holdsInFlight, trusts, recheckSeconds, maxLogins);
    }

    public RecoveryPolicy withRecheckSeconds(int seconds) {
        return new RecoveryPolicy(replacementSeconds, holdsInFlight, trustsTargetCache, seconds, maxLogins);
    }

    public RecoveryPolicy withMaxLogins(int logins) {
        return new RecoveryPolicy(replacementSeconds, holdsInFlight, trustsTargetCache, recheckSeconds, logins);
    }
}
