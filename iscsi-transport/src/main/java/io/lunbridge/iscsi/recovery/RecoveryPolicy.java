package io.lunbridge.iscsi.recovery;

/**
 * What becomes of requests while there is no session.
 *
 * @param replacementSeconds how long requests wait for a usable session before all fail, counted from the loss; 0 not at
 *     all, negative for ever
 * @param holdsInFlight whether commands that were on the wire are sent again on the next session; else they fail at
 *     once, for a layer above that has another path
 * @param trustsTargetCache whether what the target has answered outlives the session even where the unit has a volatile
 *     write cache: no flush fails on account of a lost session then
 */
public record RecoveryPolicy(int replacementSeconds, boolean holdsInFlight, boolean trustsTargetCache) {

    /** As the kernel's initiator without a multipath layer above. */
    public static final RecoveryPolicy DEFAULT = new RecoveryPolicy(120, true, false);

    /** Whether nothing ends the waiting but a usable session. */
    public boolean waitsForEver() {
        return replacementSeconds < 0;
    }

    public RecoveryPolicy withReplacementSeconds(int seconds) {
        return new RecoveryPolicy(seconds, holdsInFlight, trustsTargetCache);
    }

    public RecoveryPolicy withHoldsInFlight(boolean holds) {
        return new RecoveryPolicy(replacementSeconds, holds, trustsTargetCache);
    }

    public RecoveryPolicy withTrustsTargetCache(boolean trusts) {
        return new RecoveryPolicy(replacementSeconds, holdsInFlight, trusts);
    }
}
