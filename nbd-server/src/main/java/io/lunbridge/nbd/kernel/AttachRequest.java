package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.protocol.TransmissionFlags;
import org.jspecify.annotations.Nullable;

/**
 * What to attach, and as which device.
 *
 * @param device null to let the kernel choose a free one
 * @param export its device's event loop must be one of Netty's epoll transport
 * @param backendIdentifier names the disk for whoever looks at the device, and for a later process that takes it over;
 *     not empty, the same for the same disk
 */
public record AttachRequest(
        @Nullable NbdDevice device, Export export, String backendIdentifier, AttachOptions options) {

    /** The rest would be ignored. */
    private static final int FLAGS_FOR_THE_KERNEL = TransmissionFlags.HAS_FLAGS
            | TransmissionFlags.READ_ONLY
            | TransmissionFlags.SEND_FLUSH
            | TransmissionFlags.SEND_FUA
            | TransmissionFlags.ROTATIONAL
            | TransmissionFlags.SEND_TRIM
            | TransmissionFlags.SEND_WRITE_ZEROES;

    private static final int IDENTIFIER_CHARACTERS_MAX = 512;

    public AttachRequest {
        if (backendIdentifier.isEmpty()
                || backendIdentifier.length() > IDENTIFIER_CHARACTERS_MAX
                || backendIdentifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("backend identifier empty, too long, or with a NUL in it");
        }
    }

    /** Called on the device's event loop. */
    DeviceSetup setup() {
        return new DeviceSetup(
                device,
                export.device().geometry(),
                export.lastingTransmissionFlags() & FLAGS_FOR_THE_KERNEL,
                options.deadConnectionSeconds(),
                backendIdentifier);
    }
}
