package io.lunbridge.nbd.kernel;

import org.jspecify.annotations.Nullable;

/**
 * A connected nbd device of this host, whoever connected it.
 *
 * @param sizeBytes as the kernel says
 * @param backendIdentifier what its owner called it at the attach, null if nothing
 */
public record AttachedDevice(
        NbdDevice device,
        long sizeBytes,
        boolean readOnly,
        @Nullable String backendIdentifier) {}
