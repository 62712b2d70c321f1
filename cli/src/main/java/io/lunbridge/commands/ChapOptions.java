package io.lunbridge.commands;

import io.lunbridge.daemon.ChapSettings;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How we prove who we are. */
final class ChapOptions {

    @Option(
            names = "--chap-file",
            paramLabel = "FILE",
            description = {
                "CHAP credentials, in a file that only its owner can read, a line each: username = …, password = …,"
                        + " and for a target that shall prove itself target-username = …, target-password = ….",
                "Else they are taken from LIBISCSI_CHAP_USERNAME, LIBISCSI_CHAP_PASSWORD,"
                        + " LIBISCSI_CHAP_TARGET_USERNAME, LIBISCSI_CHAP_TARGET_PASSWORD."
            })
    private @Nullable Path file;

    @Option(
            names = "--chap-algorithms",
            paramLabel = "LIST",
            split = ",",
            converter = Algorithm.class,
            description = "What to hash with, the preferred first: SHA3-256,SHA-256,SHA1,MD5 unless told. A list with"
                    + " MD5 that the target refuses is followed by MD5 alone.")
    private List<ChapAlgorithm> algorithms = List.of();

    ChapSettings settings() {
        Set<ChapAlgorithm> once = new LinkedHashSet<>(algorithms);
        return new ChapSettings(file, List.copyOf(once), System.getenv());
    }

    static final class Algorithm implements ITypeConverter<ChapAlgorithm> {
        @Override
        public ChapAlgorithm convert(String text) {
            try {
                return ChapAlgorithm.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
