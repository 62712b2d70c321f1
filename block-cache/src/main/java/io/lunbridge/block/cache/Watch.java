package io.lunbridge.block.cache;

/**
 * Says whether what a request brings may be kept: begun before the request is, it holds as long as nothing in the extents
 * of the range has been changed or begun to be.
 */
final class Watch {

    private final ChangeGuard guard;
    private long firstExtent;
    private int extents;
    private long[] states = new long[2];
    private boolean quiet;

    Watch(ChangeGuard guard) {
        this.guard = guard;
    }

    /** Begins anew, for a read. */
    void begin(long offsetBytes, long lengthBytes) {
        begin(offsetBytes, lengthBytes, 0);
    }

    /** Begins anew, for a change that {@link ChangeGuard#begin} has counted: it holds while that is the only one. */
    void beginWithin(long offsetBytes, long lengthBytes) {
        begin(offsetBytes, lengthBytes, 1);
    }

    private void begin(long offsetBytes, long lengthBytes, int ownChanges) {
        firstExtent = guard.extent(offsetBytes);
        extents = guard.stripes(offsetBytes, lengthBytes);
        if (states.length < extents) {
            states = new long[extents];
        }
        quiet = true;
        for (int i = 0; i < extents; i++) {
            states[i] = guard.state(firstExtent + i);
            quiet &= ChangeGuard.underWay(states[i]) == ownChanges;
        }
    }

    boolean holds() {
        for (int i = 0; quiet && i < extents; i++) {
            quiet = guard.state(firstExtent + i) == states[i];
        }
        return quiet;
    }
}
