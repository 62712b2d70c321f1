package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.BlockLimits;
import io.lunbridge.scsi.Capacity;
import io.lunbridge.scsi.ModeParameters;

/**
 * All that a unit has told about itself when it was opened.
 *
 * @param identity what stays the same for the life of the unit
 * @param capacity size and blocks
 * @param mode write protection and cache
 * @param limits how much one command may do
 * @param traits allocation, rotation, and what was tried out
 */
public record DiskInfo(
        DiskIdentity identity, Capacity capacity, ModeParameters mode, BlockLimits limits, DiskTraits traits) {

    /** The same with other mode parameters. */
    DiskInfo with(ModeParameters newMode) {
        return new DiskInfo(identity, capacity, newMode, limits, traits);
    }

    /** Bytes of the whole unit. */
    public long sizeBytes() {
        return (capacity.lastLba() + 1) * capacity.blockBytes();
    }

    public int blockBytes() {
        return (int) capacity.blockBytes();
    }

    /** Bytes that the medium writes at once; smaller writes cost it a read. */
    public int physicalBlockBytes() {
        return blockBytes() << capacity.physicalExponent();
    }
}
