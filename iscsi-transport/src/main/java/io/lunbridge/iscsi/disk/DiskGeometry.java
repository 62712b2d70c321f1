package io.lunbridge.iscsi.disk;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import java.util.EnumSet;
import java.util.Set;

/** What a unit has told, as the device contract wants it. */
final class DiskGeometry {

    /** Most bytes of one command where the unit names no limit or a larger one. */
    static final int MAX_TRANSFER_BYTES = 4 << 20;

    private static final int MIN_BLOCK_BYTES = 512;
    private static final int MAX_BLOCK_BYTES = 64 << 10;
    private static final int PAGE_BYTES = 4096;

    private DiskGeometry() {}

    /** Whether blocks of that size can be served. */
    static boolean isServable(long blockBytes) {
        return blockBytes >= MIN_BLOCK_BYTES && blockBytes <= MAX_BLOCK_BYTES && Long.bitCount(blockBytes) == 1;
    }

    static Geometry of(DiskInfo info) {
        int blockBytes = info.blockBytes();
        long limitBlocks = info.limits().transfer().maxBlocks();
        long limitBytes = limitBlocks == 0 ? MAX_TRANSFER_BYTES : limitBlocks * blockBytes;
        int maxTransferBytes = (int) Math.min(MAX_TRANSFER_BYTES, limitBytes);
        int preferredBytes =
                Math.max(blockBytes, Math.min(Math.max(info.physicalBlockBytes(), PAGE_BYTES), MAX_BLOCK_BYTES));
        return new Geometry(info.sizeBytes(), blockBytes, preferredBytes, maxTransferBytes, features(info));
    }

    private static Set<Feature> features(DiskInfo info) {
        Set<Feature> features = EnumSet.of(Feature.SHARED);
        DiskTraits traits = info.traits();
        if (!info.mode().writeProtected()) {
            features.addAll(Set.of(Feature.WRITE, Feature.FLUSH, Feature.WRITE_ZEROES, Feature.FAST_ZERO));
            add(features, Feature.DURABLE_WRITE, info.mode().forceUnitAccess());
            add(features, Feature.DISCARD, UnmapMethod.first(info) != UnmapMethod.NONE);
        }
        add(features, Feature.BLOCK_STATUS, traits.tellsStatus());
        add(features, Feature.PREFETCH, traits.prefetches());
        add(features, Feature.ROTATIONAL, traits.rotates());
        return features;
    }

    private static void add(Set<Feature> features, Feature feature, boolean has) {
        if (has) {
            features.add(feature);
        }
    }
}
