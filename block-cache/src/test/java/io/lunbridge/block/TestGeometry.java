package io.lunbridge.block;

import java.util.EnumSet;
import java.util.Set;

/** Geometries for tests. */
public final class TestGeometry {

    private TestGeometry() {}

    /** A disk that can do everything. */
    public static Geometry of(long sizeBytes, int blockBytes, int maxTransferBytes) {
        Set<Feature> features = EnumSet.allOf(Feature.class);
        features.remove(Feature.ROTATIONAL);
        return new Geometry(sizeBytes, blockBytes, Math.max(4096, blockBytes), maxTransferBytes, features);
    }

    public static Geometry without(Geometry geometry, Feature... missing) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        features.addAll(geometry.features());
        features.removeAll(Set.of(missing));
        return with(geometry, geometry.sizeBytes(), features);
    }

    public static Geometry resized(Geometry geometry, long sizeBytes) {
        return with(geometry, sizeBytes, geometry.features());
    }

    private static Geometry with(Geometry like, long sizeBytes, Set<Feature> features) {
        return new Geometry(sizeBytes, like.blockBytes(), like.preferredBytes(), like.maxTransferBytes(), features);
    }
}
