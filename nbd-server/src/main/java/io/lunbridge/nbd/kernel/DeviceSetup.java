package io.lunbridge.nbd.kernel;

import io.lunbridge.block.Geometry;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel is told about a device when it is connected.
 *
 * @param device null to let the kernel choose a free one
 * @param flags NBD transmission flags
 * @param deadConnectionSeconds how long new requests wait for a new connection after ours died
 * @param backendIdentifier what a later owner of the device must know to take it over
 */
record DeviceSetup(
        @Nullable NbdDevice device,
        Geometry geometry,
        int flags,
        long deadConnectionSeconds,
        String backendIdentifier) {}
