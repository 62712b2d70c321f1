package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.Provisioning;

/** The ways to give blocks back, the preferred first. */
enum UnmapMethod {
    UNMAP,
    WRITE_SAME_16,
    WRITE_SAME_10,
    NONE;

    /** The first way that the unit claims to know. */
    static UnmapMethod first(DiskInfo info) {
        return UNMAP.orNext(info);
    }

    /** The next way that the unit claims to know, after this one was refused. */
    UnmapMethod next(DiskInfo info) {
        return switch (this) {
            case UNMAP -> WRITE_SAME_16.orNext(info);
            case WRITE_SAME_16 -> WRITE_SAME_10.orNext(info);
            case WRITE_SAME_10, NONE -> NONE;
        };
    }

    private UnmapMethod orNext(DiskInfo info) {
        return isClaimed(info) ? this : next(info);
    }

    private boolean isClaimed(DiskInfo info) {
        Provisioning provisioning = info.traits().provisioning();
        return switch (this) {
            case UNMAP -> info.capacity().managesProvisioning() && provisioning.unmap();
            case WRITE_SAME_16 -> info.capacity().managesProvisioning() && provisioning.writeSame16();
            case WRITE_SAME_10 -> info.capacity().managesProvisioning() && provisioning.writeSame10();
            case NONE -> true;
        };
    }
}
