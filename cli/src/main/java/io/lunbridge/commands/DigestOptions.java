package io.lunbridge.commands;

import io.lunbridge.daemon.DigestSettings;
import io.lunbridge.iscsi.negotiation.DigestPreference;
import java.util.ArrayList;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How PDUs are protected on the wire, in open-iscsi's words. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DigestOptions {

    private static final String DEFAULT = "None,CRC32C";

    @Option(
            names = "--header-digest",
            paramLabel = "DIGESTS",
            defaultValue = DEFAULT,
            converter = Converter.class,
            completionCandidates = Texts.class,
            description = "Checksum of each header: None; CRC32C; or both, the preferred one first (${DEFAULT-VALUE}).")
    private DigestPreference header;

    @Option(
            names = "--data-digest",
            paramLabel = "DIGESTS",
            defaultValue = DEFAULT,
            converter = Converter.class,
            completionCandidates = Texts.class,
            description = {
                "Checksum of the data of each PDU, likewise (${DEFAULT-VALUE}).",
                "Finds what TCP's own checksum misses, for some processor time."
            })
    private DigestPreference data;

    DigestSettings settings() {
        return new DigestSettings(header, data);
    }

    static final class Converter implements ITypeConverter<DigestPreference> {

        @Override
        public DigestPreference convert(String text) {
            try {
                return DigestPreference.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static final class Texts extends ArrayList<String> {

        private static final long serialVersionUID = 1L;

        Texts() {
            super(DigestPreference.texts());
        }
    }
}
