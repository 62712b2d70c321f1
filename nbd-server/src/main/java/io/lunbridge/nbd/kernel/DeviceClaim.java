package io.lunbridge.nbd.kernel;

/**
 * What changes a connected device: whoever connected it under this identifier may.
 *
 * @param deadConnectionSeconds how long new requests wait for a new connection after ours died
 */
record DeviceClaim(NbdDevice device, String backendIdentifier, long deadConnectionSeconds) {}
