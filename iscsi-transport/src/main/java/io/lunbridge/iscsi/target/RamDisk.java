package io.lunbridge.iscsi.target;

import java.nio.charset.StandardCharsets;

/** A logical unit: memory, the size of its blocks, and its names. */
final class RamDisk {

    private final RamStore store;
    private final long sizeBytes;
    private final int blockBytes;
    private final long name;

    /**
     * A disk that reads as zeroes.
     *
     * @param uniqueText what the disk's worldwide names are made of; the same text makes the same names
     * @param blockBytes 512 or 4096
     */
    RamDisk(String uniqueText, long sizeBytes, int blockBytes) {
        this.sizeBytes = sizeBytes;
        this.blockBytes = blockBytes;
        store = new RamStore(sizeBytes, Runtime.getRuntime().maxMemory() / 4 * 3);
        name = hash(uniqueText);
    }

    RamStore store() {
        return store;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int blockBytes() {
        return blockBytes;
    }

    long blocks() {
        return sizeBytes / blockBytes;
    }

    /** NAA designator of eight bytes, type 3h: locally assigned. */
    long naa() {
        return 3L << 60 | name >>> 4;
    }

    String serialNumber() {
        return String.format("%016x", name);
    }

    /** FNV-1a, 64 bits: stable over runs and versions. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
