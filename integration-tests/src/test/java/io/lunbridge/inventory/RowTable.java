package io.lunbridge.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The table, as it stands in the README. */
final class RowTable {

    static final String BEGIN = "<!-- rows, made by RowTableTest -->";
    static final String END = "<!-- end of rows -->";

    private final List<InventoryRow> rows;
    private final RowMarks marks;

    RowTable(List<InventoryRow> rows, RowMarks marks) {
        this.rows = rows;
        this.marks = marks;
    }

    /** The names of all that proves a row. */
    Set<String> proofs(InventoryRow row) {
        Set<String> proofs = new TreeSet<>(marks.testsOf(row.id()));
        proofs.addAll(row.files());
        return proofs;
    }

    /** From one marker to the other. */
    String markdown() {
        List<String> lines =
                new ArrayList<>(List.of(BEGIN, "", "| rows | of these tested | do not apply |", "|---|---|---|"));
        for (String kind : List.of("S", "M", "R", "CR", "U")) {
            List<InventoryRow> some =
                    rows.stream().filter(row -> row.kind().equals(kind)).toList();
            long tested = some.stream().filter(InventoryRow::applies).count();
            lines.add("| " + kind + ": " + some.size() + " | " + tested + " | " + (some.size() - tested) + " |");
        }
        lines.addAll(List.of("", "| row | about | proved by |", "|---|---|---|"));
        for (InventoryRow row : rows) {
            String proof = row.applies() ? String.join(" ", proofs(row)) : "does not apply: " + row.reason();
            lines.add("| " + row.id() + " | " + row.subject() + " | " + proof + " |");
        }
        lines.addAll(List.of("", END));
        return String.join("\n", lines);
    }

    /** The same text with this table in the place of the one that it has. */
    String in(String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new AssertionError("the README has not the markers " + BEGIN + " and " + END);
        }
        return text.substring(0, begin) + markdown() + text.substring(end + END.length());
    }
}
