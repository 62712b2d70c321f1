package io.lunbridge.faults;

import java.util.Random;

/**
 * One fault at one point of a connection: it happens to the first PDU in that direction that it fits.
 *
 * @param position selects a byte and a bit of the PDU; any non-negative number
 * @param millis how long {@link Fault#STALL}, {@link Fault#DELAY} and {@link Fault#SPLIT} last
 */
record Injection(Fault fault, Direction direction, int position, int millis) {

    private static final int LONGEST_MILLIS = 400;

    /** Whose bytes. */
    enum Direction {
        TO_TARGET,
        TO_INITIATOR
    }

    static Injection of(Fault fault, Random random) {
        Direction direction = random.nextBoolean() ? Direction.TO_TARGET : Direction.TO_INITIATOR;
        return new Injection(
                fault, direction, random.nextInt(Integer.MAX_VALUE), 20 + random.nextInt(LONGEST_MILLIS - 20));
    }

    boolean fits(Pdu pdu) {
        return switch (fault) {
            case CORRUPT_HEADER -> pdu.hasHeaderDigest();
            case CORRUPT_DATA -> pdu.hasDataDigest() && pdu.dataLength() > 0;
            default -> !pdu.isLogin();
        };
    }
}
