package io.lunbridge.compliance;

import io.lunbridge.compliance.Outcome.Kind;
import io.lunbridge.compliance.UnhTest.Applies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of what our initiator is tested for. */
final class ComplianceTable {

    private static final String NOTHING = "none";

    private final List<UnhTest> catalogue;
    private final List<SpecTest> tests;
    private final Map<String, Outcome> outcomes;

    /** A table of these tests; those without an outcome were not run. */
    ComplianceTable(List<UnhTest> catalogue, List<SpecTest> tests, Map<String, Outcome> outcomes) {
        this.catalogue = catalogue;
        this.tests = tests;
        this.outcomes = outcomes;
    }

    /**
     * A line of the table.
     *
     * @param id of the UNH-IOL test; the section again in the second part
     * @param section of the standard
     * @param subject empty in the second part
     * @param tests ours, parted by spaces; {@code none} where there is none
     * @param result of all of them
     */
    record Row(String id, String section, String subject, String tests, String result) {

        String markdown() {
            return "| " + String.join(" | ", id, section, subject, tests, result) + " |";
        }

        String tabSeparated() {
            return String.join("\t", id, section, subject, tests, result);
        }
    }

    /** The UNH-IOL tests of the catalogue, in its order. */
    List<Row> unhRows() {
        return catalogue.stream().map(this::row).toList();
    }

    private Row row(UnhTest unh) {
        List<SpecTest> ours =
                tests.stream().filter(test -> test.unh().contains(unh.id())).toList();
        String result = ours.isEmpty()
                ? unh.applies() == Applies.NO ? "does not apply: " + unh.reason() : "no test"
                : result(ours).text() + (unh.applies() == Applies.WHOLE ? "" : ", in this form: " + unh.reason());
        return new Row(unh.id(), unh.section(), unh.subject(), names(ours), result);
    }

    /** The rules that are tested without a UNH-IOL test for them, by section. */
    List<Row> otherRows() {
        Map<String, List<SpecTest>> byRule = new TreeMap<>(Sections.ORDER);
        tests.stream()
                .filter(test -> test.unh().isEmpty())
                .forEach(test -> byRule.computeIfAbsent(test.rule(), rule -> new ArrayList<>())
                        .add(test));
        List<Row> rows = new ArrayList<>();
        byRule.forEach((rule, ours) ->
                rows.add(new Row(rule, rule, "", names(ours), result(ours).text())));
        return rows;
    }

    private Outcome result(List<SpecTest> ours) {
        return ours.stream()
                .map(test -> outcomes.getOrDefault(test.name(), Outcome.NOT_RUN))
                .reduce(Outcome::and)
                .orElse(Outcome.NOT_RUN);
    }

    private static String names(List<SpecTest> ours) {
        return ours.isEmpty() ? NOTHING : ours.stream().map(SpecTest::name).collect(Collectors.joining(" "));
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# RFC 7143: what the initiator is tested for");
        lines.add("");
        lines.add("Made by the build, on Java " + Runtime.version().feature() + ".");
        lines.add("");
        lines.addAll(summary());
        lines.add("");
        lines.add("## The UNH-IOL tests for initiators");
        lines.add("");
        lines.add("| test | RFC 7143 | subject | ours | result |");
        lines.add("|---|---|---|---|---|");
        unhRows().forEach(row -> lines.add(row.markdown()));
        lines.add("");
        lines.add("## Other rules");
        lines.add("");
        lines.add("| rule | ours | result |");
        lines.add("|---|---|---|");
        otherRows().forEach(row -> lines.add("| " + row.id() + " | " + row.tests() + " | " + row.result() + " |"));
        lines.add("");
        return String.join("\n", lines);
    }

    private List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add("| suite | tests | passed | of these in fallback form | failed | not run | do not apply | no test |");
        lines.add("|---|---|---|---|---|---|---|---|");
        catalogue.stream().map(UnhTest::suite).distinct().forEach(suite -> {
            List<UnhTest> members = catalogue.stream()
                    .filter(test -> test.suite().equals(suite))
                    .toList();
            lines.add("| " + suite + " | " + members.size() + " | " + counted(members) + " |");
        });
        return lines;
    }

    private String counted(List<UnhTest> members) {
        List<Row> rows = members.stream().map(this::row).toList();
        long fallback = rows.stream()
                .filter(row -> row.result().startsWith(Kind.PASSED.text() + ", in this form"))
                .count();
        return String.join(
                " | ",
                count(rows, Kind.PASSED.text()),
                Long.toString(fallback),
                count(rows, Kind.FAILED.text()),
                count(rows, Kind.NOT_RUN.text()),
                count(rows, "does not apply"),
                count(rows, "no test"));
    }

    private static String count(List<Row> rows, String result) {
        return Long.toString(
                rows.stream().filter(row -> row.result().startsWith(result)).count());
    }

    String tabSeparated() {
        return Stream.concat(unhRows().stream(), otherRows().stream())
                .map(row -> row.tabSeparated() + "\n")
                .collect(Collectors.joining());
    }
}
