package io.lunbridge.commands;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where statistics go. */
final class StatisticsOption {

    @Option(
            names = "--stats",
            paramLabel = "FILE",
            description = {
                "Keep a file of statistics: the session's, under open-iscsi's names, and the LUN's queue, retries by"
                        + " cause and latencies. Written every 5 s; the last ones also go to standard error with -v."
            })
    @Nullable
    Path file;
}
