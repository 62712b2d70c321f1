package io.lunbridge.compliance;

import io.lunbridge.conformance.Contestant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The files that the outcomes of one run go to, in the module's {@code target}. */
final class Results {

    private static final Path TARGET = Path.of("target");

    private Results() {}

    /**
     * Writes the outcomes of a run. Ours become the compliance table; another's are set against ours, as far as ours
     * were written by a run before.
     */
    static void write(Contestant contestant, Map<String, Outcome> outcomes) {
        try {
            write("conformance-" + contestant.text() + ".tsv", lines(outcomes));
            List<UnhTest> catalogue = Catalogue.read();
            List<SpecTest> tests = SpecTest.scan();
            if (contestant == Contestant.LUNBRIDGE) {
                ComplianceTable table = new ComplianceTable(catalogue, tests, outcomes);
                write("compliance.md", table.markdown());
                write("compliance.tsv", table.tabSeparated());
            } else {
                ComparisonTable table = new ComparisonTable(catalogue, tests, read(Contestant.LUNBRIDGE), outcomes);
                write("conformance-" + contestant.text() + ".md", table.markdown(contestant.text()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String file, String text) throws IOException {
        Files.writeString(TARGET.resolve(file), text);
    }

    private static String lines(Map<String, Outcome> outcomes) {
        return new TreeMap<>(outcomes)
                .entrySet().stream()
                        .map(entry -> String.join(
                                        "\t",
                                        entry.getKey(),
                                        entry.getValue().kind().name(),
                                        entry.getValue().complaint())
                                + "\n")
                        .collect(Collectors.joining());
    }

    private static Map<String, Outcome> read(Contestant contestant) throws IOException {
        Path file = TARGET.resolve("conformance-" + contestant.text() + ".tsv");
        if (!Files.exists(file)) {
            return Map.of();
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(
                        columns -> columns[0], columns -> new Outcome(Outcome.Kind.valueOf(columns[1]), columns[2])));
    }
}
