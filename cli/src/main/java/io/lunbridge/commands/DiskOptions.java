package io.lunbridge.commands;

import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.LunUrl;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which bytes of a LUN, and whether they may be written. */
final class DiskOptions {

    @Option(
            names = {"-r", "--read-only"},
            description = "Refuse to write.")
    private boolean readOnly;

    @Option(
            names = "--offset",
            paramLabel = "N",
            defaultValue = "0",
            converter = SizeConverter.class,
            description = "Begin at this byte of the LUN (a multiple of its block size; K, M, G, T are taken).")
    private long offsetBytes;

    @Option(
            names = "--length",
            paramLabel = "N",
            converter = SizeConverter.class,
            description = "Take this many bytes; without it, all up to the LUN's end.")
    private @Nullable Long lengthBytes;

    DiskRequest request(LunUrl url) {
        return new DiskRequest(url, readOnly, offsetBytes, lengthBytes);
    }
}
