package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import java.util.List;

/**
 * What a {@link RamTarget} is to be.
 *
 * @param name its iSCSI name
 * @param diskBytes a size for each LUN, 0 first; multiples of {@code blockBytes}
 * @param blockBytes logical block of all disks, 512 or 4096
 * @param offer the operational keys it wants
 */
public record RamTargetOptions(String name, List<Long> diskBytes, int blockBytes, KeyOffer offer) {

    private static final int MAX_DISKS = 256;

    public RamTargetOptions {
        diskBytes = List.copyOf(diskBytes);
        if (blockBytes != 512 && blockBytes != RamStore.PAGE_BYTES) {
            throw new IllegalArgumentException("blocks of " + blockBytes + " bytes");
        }
        if (diskBytes.isEmpty() || diskBytes.size() > MAX_DISKS) {
            throw new IllegalArgumentException(diskBytes.size() + " disks");
        }
        for (long size : diskBytes) {
            if (size <= 0 || size % blockBytes != 0) {
                throw new IllegalArgumentException("a disk of " + size + " bytes");
            }
        }
    }

    /** One disk with blocks of 512 bytes. */
    public static RamTargetOptions oneDisk(String name, long sizeBytes) {
        return new RamTargetOptions(name, List.of(sizeBytes), 512, defaultOffer());
    }

    /** Everything fast and in order, eight R2Ts at a time, digests if the initiator prefers them. */
    public static KeyOffer defaultOffer() {
        return KeyOffer.forSpeed()
                .with(Key.MAX_OUTSTANDING_R2T, 8)
                .with(Key.DATA_PDU_IN_ORDER, "Yes")
                .with(Key.DATA_SEQUENCE_IN_ORDER, "Yes");
    }
}
