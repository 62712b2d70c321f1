package io.lunbridge.faults;

/** What {@link FaultProxy} can do to a connection. */
enum Fault {
    /** FIN in both directions, in the middle of a PDU. */
    CUT(true),
    /** RST in both directions, in the middle of a PDU. */
    RESET(true),
    /** From now on everything is swallowed, in both directions and also the end of the connection. */
    HALF_OPEN(true),
    /** As {@link #HALF_OPEN}, but what the initiator sent is kept, and reaches the target after the next connection
     * is in use: the old write that must not land after the newer one. */
    LATE(true),
    /** Nothing moves for a while; then everything goes on. */
    STALL(false),
    /** Each PDU is late, for a while. */
    DELAY(false),
    /** Bytes arrive in the smallest segments, for a while. */
    SPLIT(false),
    /** One bit of a header is turned over. Harmless only with header digests. */
    CORRUPT_HEADER(true),
    /** One bit of a data segment is turned over. Harmless only with data digests. */
    CORRUPT_DATA(true);

    private final boolean costsTheConnection;

    Fault(boolean costsTheConnection) {
        this.costsTheConnection = costsTheConnection;
    }

    /** Whether a connection may be lost by it, so that what comes next has to wait for another one. */
    boolean costsTheConnection() {
        return costsTheConnection;
    }

    /** Whether both ends find it out only by their silence limits. */
    boolean isSilent() {
        return this == HALF_OPEN || this == LATE;
    }
}
