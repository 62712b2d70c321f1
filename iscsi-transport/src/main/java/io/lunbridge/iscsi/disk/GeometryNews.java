package io.lunbridge.iscsi.disk;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;

/** A change of geometry in words, for the log. */
final class GeometryNews {

    private GeometryNews() {}

    static String of(Geometry before, Geometry now) {
        if (now.sizeBytes() != before.sizeBytes()) {
            String verb = now.sizeBytes() < before.sizeBytes() ? "shrank" : "grew";
            return verb + " from " + before.sizeBytes() + " to " + now.sizeBytes() + " bytes";
        }
        if (now.has(Feature.WRITE) != before.has(Feature.WRITE)) {
            return now.has(Feature.WRITE) ? "can be written again" : "is write-protected now";
        }
        return "is now " + now;
    }
}
