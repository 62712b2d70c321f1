package io.lunbridge.block;

/** Told on the device's event loop when the device is no longer what it was. */
public interface GeometryListener {

    /** The device grew, shrank, or gained or lost a feature (a device that became read-only lost {@code WRITE}). */
    void geometryChanged(Geometry before, Geometry now);

    /**
     * What was read so far may not be what is there now, though nobody here has written: the device was out of reach for a
     * while, or it tells of a change of its own. Told before any request that is made afterwards is answered.
     */
    default void contentDoubtful() {}

    /** The device is gone for good: every further request fails. */
    void deviceGone(BlockException cause);
}
