package io.lunbridge.block;

import org.jspecify.annotations.Nullable;

/** What a request breaks of the contract of {@link BlockDevice}, said in words; null where it breaks nothing. */
final class Breach {

    private Breach() {}

    static @Nullable String ofRange(Geometry geometry, long offsetBytes, long lengthBytes) {
        boolean inside = offsetBytes >= 0 && lengthBytes > 0 && offsetBytes <= geometry.sizeBytes() - lengthBytes;
        boolean aligned = ((offsetBytes | lengthBytes) & (geometry.blockBytes() - 1)) == 0;
        return inside && aligned ? null : lengthBytes + " bytes at offset " + offsetBytes + ", " + geometry;
    }

    static @Nullable String ofTransfer(Geometry geometry, long offsetBytes, long lengthBytes) {
        return lengthBytes > geometry.maxTransferBytes()
                ? lengthBytes + " bytes at once, " + geometry
                : ofRange(geometry, offsetBytes, lengthBytes);
    }

    static @Nullable String ofWrite(Geometry geometry, long offsetBytes, long lengthBytes, Durability durability) {
        String breach = ofTransfer(geometry, offsetBytes, lengthBytes);
        return breach == null ? ofChanging(geometry, Feature.WRITE, durability) : breach;
    }

    static @Nullable String ofDiscard(Geometry geometry, long offsetBytes, long lengthBytes) {
        String breach = ofRange(geometry, offsetBytes, lengthBytes);
        return breach == null ? ofFeature(geometry, Feature.WRITE) : breach;
    }

    static @Nullable String ofWriteZeroes(
            Geometry geometry, long offsetBytes, long lengthBytes, Durability durability) {
        String breach = ofRange(geometry, offsetBytes, lengthBytes);
        return breach == null ? ofChanging(geometry, Feature.WRITE_ZEROES, durability) : breach;
    }

    /** The failure of a request that was right before the device became what it is now, which is nobody's bug. */
    static BlockException byChange(Geometry now, String breach) {
        BlockError error = now.has(Feature.WRITE) ? BlockError.INVALID : BlockError.NOT_PERMITTED;
        return new BlockException(error, "the device has changed: " + breach);
    }

    static @Nullable String ofFeature(Geometry geometry, Feature needed) {
        return geometry.has(needed) ? null : "a request that needs " + needed + ", " + geometry;
    }

    private static @Nullable String ofChanging(Geometry geometry, Feature needed, Durability durability) {
        String breach = ofFeature(geometry, needed);
        return breach == null && durability == Durability.DURABLE ? ofFeature(geometry, Feature.DURABLE_WRITE) : breach;
    }
}
