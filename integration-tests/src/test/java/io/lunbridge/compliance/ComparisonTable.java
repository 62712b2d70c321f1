package io.lunbridge.compliance;

import io.lunbridge.compliance.Outcome.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What passes the same scripts: ours and another's initiator, side by side. */
final class ComparisonTable {

    private final List<UnhTest> catalogue;
    private final List<SpecTest> tests;
    private final Map<String, Outcome> ours;
    private final Map<String, Outcome> theirs;

    ComparisonTable(
            List<UnhTest> catalogue, List<SpecTest> tests, Map<String, Outcome> ours, Map<String, Outcome> theirs) {
        this.catalogue = catalogue;
        this.tests = tests;
        this.ours = ours;
        this.theirs = theirs;
    }

    /** One line: a test of the catalogue with all of our tests for it, or a test of ours that is for no such. */
    private record Line(String id, String subject, List<SpecTest> tests) {}

    String markdown(String name) {
        List<Line> lines = lines();
        List<String> text = new ArrayList<>();
        text.add("| | lunbridge | " + name + " |");
        text.add("|---|---|---|");
        Map<Kind, Long> ourCounts = counts(lines, ours);
        Map<Kind, Long> theirCounts = counts(lines, theirs);
        for (Kind kind : Kind.values()) {
            text.add("| " + kind.text() + " | " + ourCounts.getOrDefault(kind, 0L) + " | "
                    + theirCounts.getOrDefault(kind, 0L) + " |");
        }
        text.add("");
        text.add("| test | subject | lunbridge | " + name + " | its first complaint |");
        text.add("|---|---|---|---|---|");
        for (Line line : lines) {
            Outcome their = result(line, theirs);
            text.add("| "
                    + String.join(
                            " | ",
                            line.id(),
                            line.subject(),
                            result(line, ours).text(),
                            their.text(),
                            their.complaint().replace("|", "\\|"))
                    + " |");
        }
        text.add("");
        return String.join("\n", text);
    }

    private List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (UnhTest unh : catalogue) {
            List<SpecTest> forIt =
                    tests.stream().filter(test -> test.unh().contains(unh.id())).toList();
            if (!forIt.isEmpty()) {
                lines.add(new Line(unh.id(), unh.subject(), forIt));
            }
        }
        tests.stream()
                .filter(test -> test.unh().isEmpty())
                .sorted((one, other) -> Sections.ORDER.compare(one.rule(), other.rule()))
                .forEach(test -> lines.add(new Line(test.rule(), test.name(), List.of(test))));
        return lines;
    }

    private static Map<Kind, Long> counts(List<Line> lines, Map<String, Outcome> outcomes) {
        return lines.stream()
                .collect(Collectors.groupingBy(
                        line -> result(line, outcomes).kind(), () -> new EnumMap<>(Kind.class), Collectors.counting()));
    }

    private static Outcome result(Line line, Map<String, Outcome> outcomes) {
        return line.tests().stream()
                .map(test -> outcomes.getOrDefault(test.name(), Outcome.NOT_RUN))
                .reduce(Outcome::and)
                .orElse(Outcome.NOT_RUN);
    }
}
