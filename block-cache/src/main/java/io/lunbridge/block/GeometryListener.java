package io.lunbridge.block;

/** Told on the device's event loop when the device is no longer what it was. */
public interface GeometryListener {

    /** The device grew, shrank, or gained or lost a feature (a device that became read-only lost {@code WRITE}). */
    void geometryChanged(Geometry before, Geometry now);

    /** The device is gone for good: every further request fails. */
    void deviceGone(BlockException cause);
}
