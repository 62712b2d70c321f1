package io.lunbridge.interop;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What has been written where, block by block of 4096 bytes, and what may therefore be there. Each write of a block
 * has a higher version than the one before, and the block is full of its number and version. A write that was answered
 * is there for ever, until a later one; one that failed may be there or not; and once a version has been seen, or a
 * later one been answered, no older one may come back.
 */
final class VersionedBlocks {

    static final int BLOCK_BYTES = 4096;

    private static final int STAMP_BYTES = 16;
    private static final int MOST_COMPLAINTS = 20;

    private final long seed;
    private final int[] issued;
    private final int[] floor;
    private final List<String> wrong = new ArrayList<>();
    private long checkedBlocks;

    /** All blocks are zeroes at first, their version 0. */
    VersionedBlocks(int count, long seed) {
        this.seed = seed;
        issued = new int[count];
        floor = new int[count];
    }

    int count() {
        return issued.length;
    }

    /** The bytes of a new version of each of these blocks. */
    ByteBuffer nextVersions(int first, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK_BYTES);
        for (int block = first; block < first + count; block++) {
            issued[block]++;
            for (int i = 0; i < BLOCK_BYTES / STAMP_BYTES; i++) {
                bytes.putInt(block).putInt(issued[block]).putLong(seed);
            }
        }
        return bytes.flip();
    }

    /** A write of the newest versions of these blocks has been answered, well. */
    void answered(int first, int count) {
        System.arraycopy(issued, first, floor, first, count);
    }

    /** Checks what a read has found, where no write was under way. What is found from now on is not older. */
    void found(int first, byte[] bytes) {
        for (int block = first; block < first + bytes.length / BLOCK_BYTES; block++) {
            int offset = (block - first) * BLOCK_BYTES;
            check(block, ByteBuffer.wrap(bytes, offset, BLOCK_BYTES).slice());
        }
    }

    private void check(int block, ByteBuffer bytes) {
        checkedBlocks++;
        int number = bytes.getInt(0);
        int version = bytes.getInt(4);
        long ours = bytes.getLong(8);
        if (version == 0 && floor[block] == 0 && isZero(bytes)) {
            return;
        }
        if (number != block || ours != seed) {
            complain(block, "holds block " + number + " version " + version + " of " + ours);
        } else if (version < floor[block] || version > issued[block]) {
            complain(
                    block,
                    "holds version " + version + ", not " + floor[block]
                            + (issued[block] > floor[block] ? " to " + issued[block] : ""));
        } else if (isTorn(bytes)) {
            complain(block, "is not all version " + version);
        } else {
            floor[block] = version;
        }
    }

    private static boolean isZero(ByteBuffer bytes) {
        return bytes.equals(ByteBuffer.allocate(BLOCK_BYTES));
    }

    private static boolean isTorn(ByteBuffer bytes) {
        return !bytes.slice(0, BLOCK_BYTES - STAMP_BYTES).equals(bytes.slice(STAMP_BYTES, BLOCK_BYTES - STAMP_BYTES));
    }

    private void complain(int block, String what) {
        if (wrong.size() < MOST_COMPLAINTS) {
            wrong.add("block " + block + " " + what);
        }
    }

    /** What was found that must not be; empty is well. */
    List<String> wrong() {
        return wrong;
    }

    long checkedBlocks() {
        return checkedBlocks;
    }

    long versions() {
        return Arrays.stream(issued).asLongStream().sum();
    }
}
