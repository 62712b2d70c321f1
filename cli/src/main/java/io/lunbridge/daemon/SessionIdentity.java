package io.lunbridge.daemon;

/**
 * What makes a login the continuation of an earlier session with the same target, which the target then ends first (RFC
 * 7143 section 6.3.5).
 *
 * @param initiatorName as it was told to the target
 * @param isid as it was told to the target, 48 bits
 * @param number which of this host's ISIDs for that target it is; {@link #UNKEPT} where it stands in no file
 */
public record SessionIdentity(String initiatorName, long isid, int number) {

    public static final int UNKEPT = -1;
}
