package io.lunbridge.block;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What each byte of a disk may hold, while reads and writes overlap in flight: the model that simulations judge by.
 *
 * <p>A write may take effect at any moment between its start and its answer, once. So a byte may hold what a write put
 * there that no later write has surely replaced; a write is surely replaced by one that started after it was answered
 * and has itself been answered with success. A failed write may have done all, some or nothing.
 */
public final class ByteHistory {

    private static final long IN_FLIGHT = Long.MAX_VALUE;

    private final List<List<Change>> bytes;
    private final List<Look> looks = new ArrayList<>();
    private long now;

    /** A disk that reads as zeroes. */
    public ByteHistory(int sizeBytes) {
        Change zeroes = new Change(0, new byte[sizeBytes]);
        zeroes.answered = 0;
        bytes = new ArrayList<>(sizeBytes);
        for (int i = 0; i < sizeBytes; i++) {
            bytes.add(new ArrayList<>(List.of(zeroes)));
        }
    }

    /** A write begins; also a zeroing or a discard, with zeroes. */
    public Change startChange(int offsetBytes, byte[] data) {
        Change change = new Change(offsetBytes, data);
        change.started = ++now;
        for (int i = 0; i < data.length; i++) {
            bytes.get(offsetBytes + i).add(change);
        }
        for (Look look : looks) {
            look.mayMeet(change);
        }
        return change;
    }

    /** A write is answered. {@code certain} where all of it is surely on the medium now: it succeeded. */
    public void finishChange(Change change, boolean certain) {
        change.answered = ++now;
        for (int i = 0; certain && i < change.data.length; i++) {
            bytes.get(change.offsetBytes + i).removeIf(older -> older.answered < change.started);
        }
    }

    /** A read begins. */
    public Look startRead(int offsetBytes, int lengthBytes) {
        Look look = new Look(offsetBytes, lengthBytes);
        for (int i = 0; i < lengthBytes; i++) {
            for (Change change : bytes.get(offsetBytes + i)) {
                look.allow(i, change.at(offsetBytes + i));
            }
        }
        looks.add(look);
        return look;
    }

    /** A read is answered with {@code found}. */
    public void finishRead(Look look, byte[] found) {
        abandonRead(look);
        for (int i = 0; i < found.length; i++) {
            if (!look.allowed[i].get(found[i] & 0xff)) {
                throw new AssertionError("byte " + (look.offsetBytes + i) + " read as " + (found[i] & 0xff)
                        + ", but could only be one of " + look.allowed[i]);
            }
        }
    }

    /** A question about allocation is answered: each byte of the range that is said to be zero may be. */
    public void finishStatus(Look look, List<Extent> told) {
        abandonRead(look);
        int at = 0;
        for (Extent extent : told) {
            int end = (int) Math.min(look.allowed.length, at + extent.lengthBytes());
            for (int i = at; extent.zero() && i < end; i++) {
                if (!look.allowed[i].get(0)) {
                    throw new AssertionError("byte " + (look.offsetBytes + i)
                            + " was said to be zero, but could only be one" + " of " + look.allowed[i]);
                }
            }
            at = end;
        }
    }

    /** A read failed: it says nothing. */
    public void abandonRead(Look look) {
        looks.remove(look);
    }

    /** A write, in flight or answered. */
    public static final class Change {

        private final int offsetBytes;
        private final byte[] data;
        private long started;
        private long answered = IN_FLIGHT;

        private Change(int offsetBytes, byte[] data) {
            this.offsetBytes = offsetBytes;
            this.data = data;
        }

        private int at(int positionBytes) {
            return data[positionBytes - offsetBytes] & 0xff;
        }
    }

    /** A read in flight, and what it may find. */
    public static final class Look {

        private final int offsetBytes;
        private final BitSet[] allowed;

        private Look(int offsetBytes, int lengthBytes) {
            this.offsetBytes = offsetBytes;
            this.allowed = new BitSet[lengthBytes];
            for (int i = 0; i < lengthBytes; i++) {
                allowed[i] = new BitSet(256);
            }
        }

        private void allow(int index, int value) {
            allowed[index].set(value);
        }

        private void mayMeet(Change change) {
            int from = Math.max(offsetBytes, change.offsetBytes);
            int to = Math.min(offsetBytes + allowed.length, change.offsetBytes + change.data.length);
            for (int at = from; at < to; at++) {
                allow(at - offsetBytes, change.at(at));
            }
        }
    }
}
