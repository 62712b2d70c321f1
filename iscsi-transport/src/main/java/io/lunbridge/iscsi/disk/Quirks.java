package io.lunbridge.iscsi.disk;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a unit turned out to refuse though it should not: learned once, by a command that failed, and kept. */
final class Quirks {

    private static final Logger LOG = LoggerFactory.getLogger(Quirks.class);
    private static final long MAX_LBA_10 = 1L << 32;

    private DiskInfo info;
    private boolean tenByteCommands;
    private boolean refusesForceUnitAccess;
    private boolean cacheCommand = true;

    Quirks(DiskInfo info) {
        this.info = info;
    }

    /** What the unit tells of itself has changed; what it has refused is not forgotten. */
    void learn(DiskInfo now) {
        info = now;
    }

    /** Whether a request that ends before {@code endLba} goes out with ten bytes; they reach no further than 32 bits. */
    boolean wantsTenByteCommands(long endLba) {
        return tenByteCommands && endLba <= MAX_LBA_10;
    }

    /** A form of sixteen bytes was refused, maybe not the first in flight: whether one of ten reaches its blocks. */
    boolean learnTenByteCommands(long endLba) {
        if (!tenByteCommands) {
            LOG.warn(
                    "{} does not know READ (16) and WRITE (16)", info.identity().inquiry());
            tenByteCommands = true;
        }
        return endLba <= MAX_LBA_10;
    }

    boolean takesForceUnitAccess() {
        return info.mode().forceUnitAccess() && !refusesForceUnitAccess;
    }

    void learnNoForceUnitAccess() {
        LOG.warn(
                "{} refuses the FUA bit that it announced: flushing instead",
                info.identity().inquiry());
        refusesForceUnitAccess = true;
    }

    boolean takesCacheCommand() {
        return cacheCommand;
    }

    /** A unit with a volatile cache that cannot be flushed gives no promise at all; that is said aloud, once. */
    void learnNoCacheCommand() {
        boolean harmless = !info.mode().writeCache();
        LOG.warn(
                "{} does not know SYNCHRONIZE CACHE{}",
                info.identity().inquiry(),
                harmless ? "" : " though it has a write cache: data may be lost when its power is");
        cacheCommand = false;
    }
}
