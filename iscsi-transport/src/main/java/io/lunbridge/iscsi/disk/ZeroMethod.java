package io.lunbridge.iscsi.disk;

import io.lunbridge.block.Zeroing;

/** The ways to zero blocks, the preferred first. */
enum ZeroMethod {
    /** WRITE SAME (16) with the UNMAP bit: only where what is deallocated surely reads as zeroes (LBPRZ). */
    WRITE_SAME_UNMAP,
    /** WRITE SAME (16): the unit writes, the network does not. */
    WRITE_SAME,
    /** Plain writes of zeroes. */
    WRITE;

    boolean fits(Zeroing zeroing, DiskInfo info) {
        return this != WRITE_SAME_UNMAP
                || (zeroing.mayDeallocate()
                        && info.capacity().managesProvisioning()
                        && info.traits().provisioning().writeSame16()
                        && readsZeroes(info));
    }

    /** Whether deallocated blocks read as zeroes, by either of the two places that tell. */
    static boolean readsZeroes(DiskInfo info) {
        return info.capacity().readsZeroes() || info.traits().provisioning().readsZeroes();
    }
}
