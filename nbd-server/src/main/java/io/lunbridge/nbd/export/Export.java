package io.lunbridge.nbd.export;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.nbd.protocol.Handshake;
import io.lunbridge.nbd.protocol.TransmissionFlags;
import java.nio.charset.StandardCharsets;

/**
 * A device under a name. The device outlives the export's connections; nobody here closes it.
 *
 * @param name what clients ask for, at most 4096 bytes in UTF-8; may be empty
 * @param description for people, may be empty, at most 4096 bytes in UTF-8
 * @param device the outermost decorator of the disk
 * @param readOnly whether commands that modify are refused although the device would take them
 */
public record Export(String name, String description, BlockDevice device, boolean readOnly) {

    public Export {
        requireString("export name", name);
        requireString("export description", description);
    }

    /** An export as writable as its device. */
    public Export(String name, String description, BlockDevice device) {
        this(name, description, device, false);
    }

    /** Whether commands that modify are taken, now. */
    public boolean writable() {
        return !readOnly && device.geometry().has(Feature.WRITE);
    }

    /**
     * The transmission flags that the device's geometry deserves, now.
     *
     * <p>FLUSH is offered for every writable export: without it Linux takes the disk for one without a cache and sends
     * neither flushes nor FUA. FUA is offered only where the device has it itself and only beside FLUSH; elsewhere a
     * client's own flush after the write is just as good.
     *
     * @param structuredReplies whether these were negotiated, on which SEND_DF depends
     */
    public int transmissionFlags(boolean structuredReplies) {
        Geometry geometry = device.geometry();
        int flags = TransmissionFlags.HAS_FLAGS;
        flags |= flagIf(geometry.has(Feature.ROTATIONAL), TransmissionFlags.ROTATIONAL);
        flags |= flagIf(geometry.has(Feature.SHARED), TransmissionFlags.CAN_MULTI_CONN);
        flags |= flagIf(geometry.has(Feature.PREFETCH), TransmissionFlags.SEND_CACHE);
        flags |= flagIf(structuredReplies, TransmissionFlags.SEND_DF);
        return flags | (writable() ? writeFlags(geometry) : readOnlyFlags(geometry));
    }

    /**
     * The transmission flags for a client that is told by other means whether the disk is write-protected, and then can
     * be told when it no longer is: those of a writable disk, unless this export is read-only itself.
     */
    public int lastingTransmissionFlags() {
        Geometry geometry = device.geometry();
        int both = TransmissionFlags.HAS_FLAGS | flagIf(geometry.has(Feature.ROTATIONAL), TransmissionFlags.ROTATIONAL);
        return both | (readOnly ? readOnlyFlags(geometry) : writeFlags(geometry));
    }

    /** The smallest length and alignment of a request, in bytes: a power of two. */
    public int minimumBlockBytes() {
        return device.geometry().blockBytes();
    }

    /** The length and alignment at which requests are cheap, in bytes: a power of two, at least 512 where possible. */
    public int preferredBlockBytes() {
        int wished = Math.max(512, device.geometry().preferredBytes());
        return Math.max(minimumBlockBytes(), Math.min(wished, Integer.highestOneBit(maximumPayloadBytes())));
    }

    /** The most bytes of one READ or WRITE. */
    public int maximumPayloadBytes() {
        return Math.min(Handshake.DEFAULT_PAYLOAD_BYTES_MAX, device.geometry().maxTransferBytes());
    }

    private static int writeFlags(Geometry geometry) {
        int flags = TransmissionFlags.SEND_FLUSH;
        flags |= flagIf(geometry.has(Feature.DURABLE_WRITE), TransmissionFlags.SEND_FUA);
        flags |= flagIf(geometry.has(Feature.DISCARD), TransmissionFlags.SEND_TRIM);
        if (geometry.has(Feature.WRITE_ZEROES)) {
            flags |= TransmissionFlags.SEND_WRITE_ZEROES;
            flags |= flagIf(geometry.has(Feature.FAST_ZERO), TransmissionFlags.SEND_FAST_ZERO);
        }
        return flags;
    }

    private static int readOnlyFlags(Geometry geometry) {
        return TransmissionFlags.READ_ONLY | flagIf(geometry.has(Feature.FLUSH), TransmissionFlags.SEND_FLUSH);
    }

    private static int flagIf(boolean condition, int flag) {
        return condition ? flag : 0;
    }

    private static void requireString(String what, String value) {
        if (value.getBytes(StandardCharsets.UTF_8).length > Handshake.STRING_BYTES_MAX || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(what + " longer than 4096 bytes, or with a NUL in it");
        }
    }
}
