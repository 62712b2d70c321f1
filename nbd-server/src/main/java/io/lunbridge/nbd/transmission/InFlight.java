package io.lunbridge.nbd.transmission;

/**
 * Counts what a connection has begun and not yet answered, and knows how much of it is too much. Above either limit
 * the socket is not read, until both counts are down to half.
 */
final class InFlight {

    /** Linux has at most 128 requests on a socket; libnbd and QEMU have 64 and 16 by default. */
    static final int REQUESTS_MAX = 256;
    /** Of memory that requests hold: what a READ asks for, the receive buffers that a WRITE's payload pins. */
    static final long BYTES_MAX = 16L << 20;

    private int requests;
    private long bytes;

    void begin() {
        requests++;
    }

    void hold(long more) {
        bytes += more;
    }

    void end(long heldBytes) {
        requests--;
        bytes -= heldBytes;
        assert requests >= 0 && bytes >= 0 : requests + " requests, " + bytes + " bytes";
    }

    boolean none() {
        return requests == 0;
    }

    boolean full() {
        return requests >= REQUESTS_MAX || bytes >= BYTES_MAX;
    }

    boolean low() {
        return requests <= REQUESTS_MAX / 2 && bytes <= BYTES_MAX / 2;
    }
}
