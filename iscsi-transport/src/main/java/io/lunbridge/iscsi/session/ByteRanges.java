package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.PduException;
import java.util.Arrays;

/**
 * Which bytes of a transfer have gone over the wire: disjoint ranges in rising order, neighbours joined.
 *
 * <p>In order there is one range that grows, and nothing is searched or allocated. The arrays are kept for the next use.
 */
final class ByteRanges {

    /** Most gaps that a transfer may have at a time; a peer that leaves more has no honest reason for it. */
    static final int MAX_RANGES = 4096;

    private static final int INITIAL_RANGES = 4;

    private int[] starts = new int[INITIAL_RANGES];
    private int[] ends = new int[INITIAL_RANGES];
    private int count;
    private int totalBytes;

    /** Begins anew, with the first {@code lengthBytes} of the transfer. */
    void start(int lengthBytes) {
        count = lengthBytes > 0 ? 1 : 0;
        starts[0] = 0;
        ends[0] = lengthBytes;
        totalBytes = lengthBytes;
    }

    int totalBytes() {
        return totalBytes;
    }

    /** Whether there is no gap, neither at the beginning nor between. */
    boolean isContiguous() {
        return count == 0 || (count == 1 && starts[0] == 0);
    }

    /** Whether the range was new as a whole; where any byte of it was there already, nothing is changed. */
    boolean add(int start, int end) throws PduException {
        if (count > 0 && ends[count - 1] == start) {
            ends[count - 1] = end;
        } else if (!insert(start, end)) {
            return false;
        }
        totalBytes += end - start;
        return true;
    }

    private boolean insert(int start, int end) throws PduException {
        int at = Arrays.binarySearch(starts, 0, count, start);
        if (at >= 0) {
            return false;
        }
        at = -at - 1;
        boolean overlapsPrevious = at > 0 && ends[at - 1] > start;
        boolean overlapsNext = at < count && starts[at] < end;
        if (overlapsPrevious || overlapsNext) {
            return false;
        }
        boolean joinsPrevious = at > 0 && ends[at - 1] == start;
        boolean joinsNext = at < count && starts[at] == end;
        if (joinsPrevious && joinsNext) {
            ends[at - 1] = ends[at];
            remove(at);
        } else if (joinsPrevious) {
            ends[at - 1] = end;
        } else if (joinsNext) {
            starts[at] = start;
        } else {
            insertAt(at, start, end);
        }
        return true;
    }

    private void remove(int at) {
        count--;
        System.arraycopy(starts, at + 1, starts, at, count - at);
        System.arraycopy(ends, at + 1, ends, at, count - at);
    }

    private void insertAt(int at, int start, int end) throws PduException {
        if (count == MAX_RANGES) {
            throw new PduException(PduException.Cause.PROTOCOL, "data with more than " + MAX_RANGES + " gaps");
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        System.arraycopy(starts, at, starts, at + 1, count - at);
        System.arraycopy(ends, at, ends, at + 1, count - at);
        starts[at] = start;
        ends[at] = end;
        count++;
    }
}
