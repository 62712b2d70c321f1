package io.lunbridge.compliance;

import io.lunbridge.compliance.UnhTest.Applies;
import io.lunbridge.conformance.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Reads the catalogue of the UNH-IOL tests; its first lines say what the columns are. */
final class Catalogue {

    private static final String RESOURCE = "unh-iol.tsv";

    private Catalogue() {}

    static List<UnhTest> read() {
        try (InputStream in = Objects.requireNonNull(Spec.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Catalogue::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UnhTest parse(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length < 4 || columns.length > 5) {
            throw new AssertionError(RESOURCE + " has a line of " + columns.length + " columns: " + line);
        }
        Applies applies = Applies.valueOf(columns[3].toUpperCase(Locale.ROOT));
        return new UnhTest(columns[0], columns[1], columns[2], applies, columns.length == 5 ? columns[4] : "");
    }
}
