package io.lunbridge.commands;

import io.lunbridge.daemon.ByteSize;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.measure.Workload;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code lunbridge bench} does to a LUN. */
final class WorkloadOptions {

    private static final int USUAL_BLOCK_BYTES = 4096;
    private static final int USUAL_DEPTH = 32;
    private static final int MAX_SECONDS = 86_400;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long each workload is measured (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--random", description = "One workload only, at random places (with its three options: 4K, 32).")
    private boolean random;

    @Option(names = "--sequential", description = "One workload only, from the beginning to the end and again.")
    private boolean sequential;

    @Option(
            names = "--block-size",
            paramLabel = "N",
            converter = SizeConverter.class,
            description = "One workload only, with requests of this many bytes (K and M are taken).")
    private @Nullable Long blockBytes;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "One workload only, with this many requests under way, 1 to " + Workload.MAX_DEPTH + ".")
    private @Nullable Integer depth;

    @Option(
            names = "--write",
            description =
                    "Write too, after each kind of read: random bytes, which destroy what is there. Wants --yes, or"
                            + " the range that may be destroyed in --offset and --length.")
    private boolean write;

    @Option(names = "--yes", description = "With --write: yes, destroy what is on the LUN.")
    private boolean yes;

    @Option(
            names = "--offset",
            paramLabel = "N",
            converter = SizeConverter.class,
            description = "Begin at this byte of the LUN (a multiple of its block size; K, M, G, T are taken).")
    private @Nullable Long offsetBytes;

    @Option(
            names = "--length",
            paramLabel = "N",
            converter = SizeConverter.class,
            description = "Use this many bytes; without it, all up to the LUN's end.")
    private @Nullable Long lengthBytes;

    /** What to measure, in order. */
    List<Workload> workloads() throws CommandException {
        require(seconds >= 1 && seconds <= MAX_SECONDS, "--seconds must be 1 to " + MAX_SECONDS);
        require(!(random && sequential), "--random and --sequential exclude each other; choose one");
        require(
                !write || yes || (offsetBytes != null && lengthBytes != null),
                "--write destroys what is on the LUN; if that may be, say so by --yes, or name the range that may be"
                        + " destroyed with --offset and --length");
        require(write || !yes, "--yes is for --write");
        boolean usual = !random && !sequential && blockBytes == null && depth == null;
        return usual ? Workload.usual(write) : one();
    }

    private List<Workload> one() throws CommandException {
        long bytes = blockBytes == null ? USUAL_BLOCK_BYTES : blockBytes;
        int requests = depth == null ? USUAL_DEPTH : depth;
        require(requests >= 1 && requests <= Workload.MAX_DEPTH, "--depth must be 1 to " + Workload.MAX_DEPTH);
        require(
                bytes >= 1 && bytes <= Workload.MAX_UNDER_WAY_BYTES / requests,
                "--block-size must be 1 or more, and times --depth at most "
                        + ByteSize.describe(Workload.MAX_UNDER_WAY_BYTES));
        Workload.Order order = sequential ? Workload.Order.SEQUENTIAL : Workload.Order.RANDOM;
        return Workload.kinds(write).stream()
                .map(kind -> new Workload(kind, order, (int) bytes, requests))
                .toList();
    }

    Duration measured() {
        return Duration.ofSeconds(seconds);
    }

    DiskRequest request(LunUrl url) {
        return new DiskRequest(url, !write, offsetBytes == null ? 0 : offsetBytes, lengthBytes);
    }

    /** A line before the first byte is written. */
    void warnOfWrites(long sizeBytes, PrintWriter err) {
        if (write) {
            long from = offsetBytes == null ? 0 : offsetBytes;
            err.println("lunbridge: writing random data: what is in the " + ByteSize.describe(sizeBytes) + " from byte "
                    + from + " is destroyed");
            err.flush();
        }
    }

    private static void require(boolean good, String what) throws CommandException {
        if (!good) {
            throw new CommandException(ExitCode.USAGE, what);
        }
    }
}
