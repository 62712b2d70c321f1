package io.lunbridge.block;

import java.util.Set;

/**
 * The size and abilities of a device: immutable, replaced whole when the device changes.
 *
 * @param sizeBytes total size, a multiple of {@code blockBytes}
 * @param blockBytes smallest unit of a request, a power of two
 * @param preferredBytes size and alignment at which requests are cheap, a power of two, at least {@code blockBytes}
 * @param maxTransferBytes most bytes of one read or write, a multiple of {@code blockBytes}
 * @param features what the device can do; never changed
 */
public record Geometry(
        long sizeBytes, int blockBytes, int preferredBytes, int maxTransferBytes, Set<Feature> features) {

    public Geometry {
        requireThat(Integer.bitCount(blockBytes) == 1 && blockBytes > 0, "block size " + blockBytes);
        requireThat(sizeBytes >= 0 && sizeBytes % blockBytes == 0, "size " + sizeBytes);
        requireThat(Integer.bitCount(preferredBytes) == 1 && preferredBytes >= blockBytes, "pref. " + preferredBytes);
        requireThat(maxTransferBytes >= blockBytes && maxTransferBytes % blockBytes == 0, "max. " + maxTransferBytes);
        features = Set.copyOf(features);
    }

    public boolean has(Feature feature) {
        return features.contains(feature);
    }

    private static void requireThat(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException("impossible geometry: " + what);
        }
    }
}
