package io.lunbridge.commands;

import io.lunbridge.daemon.CacheSettings;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.SessionSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which bytes of a LUN, whether they may be written, and how much of them is kept in memory. */
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

    @Option(
            names = "--cache",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = {
                "Keep this much of what was read in memory; 0: nothing (unless LUNBRIDGE_CACHE=SIZE[,READAHEAD] says more).",
                "Only for a LUN that nobody else writes, also no other device or process of this host."
            })
    private @Nullable Long cacheBytes;

    @Option(
            names = "--readahead",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "With --cache: read up to this much ahead of each sequential reader; 0: nothing.")
    private @Nullable Long readAheadBytes;

    /** What the options ask for of that LUN, which is dealt with in this way. */
    DiskRequest request(LunUrl url, SessionSettings session) throws CommandException {
        return new DiskRequest(url, readOnly, offsetBytes, lengthBytes, cache(session));
    }

    private CacheSettings cache(SessionSettings session) throws CommandException {
        boolean hasOtherPaths = !session.recovery().holdsInFlight();
        if (cacheBytes == null && readAheadBytes == null) {
            return hasOtherPaths ? CacheSettings.NONE : CacheSettings.ofEnvironment(System.getenv());
        }
        try {
            CacheSettings wanted =
                    CacheSettings.of(cacheBytes == null ? 0 : cacheBytes, readAheadBytes == null ? 0 : readAheadBytes);
            if (hasOtherPaths && !wanted.equals(CacheSettings.NONE)) {
                throw new IllegalArgumentException(
                        "--cache cannot stand beside --multipath: what goes another path would not be seen");
            }
            return wanted;
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
