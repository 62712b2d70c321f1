package io.lunbridge.commands;

import io.lunbridge.daemon.ByteSize;
import io.lunbridge.daemon.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports as a table for people: a line each, below a line of titles. Of no reports, nothing.
 *
 * @param columns what is shown, from left to right
 */
record Table(List<Column> columns) {

    /**
     * A fact of each report.
     *
     * @param key the fact's; one that ends in Bytes is shown with a unit
     * @param title above it
     */
    record Column(String key, String title) {}

    private static final String GAP = "  ";

    String text(List<Report> reports) {
        if (reports.isEmpty()) {
            return "";
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(Column::title).toList());
        for (Report report : reports) {
            lines.add(columns.stream()
                    .map(column -> cell(column.key, report.values().get(column.key)))
                    .toList());
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                padded.append(line.get(i))
                        .append(" ".repeat(width(lines, i) - line.get(i).length()))
                        .append(GAP);
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private static String cell(String key, @Nullable Object value) {
        if (value == null || (value instanceof Number number && number.longValue() < 0)) {
            return "-";
        }
        if (value instanceof Number bytes && key.endsWith("Bytes")) {
            return ByteSize.describe(bytes.longValue());
        }
        if (value instanceof Number seconds && key.startsWith("seconds")) {
            return seconds + " s";
        }
        String text = value.toString().replaceAll("\\p{Cntrl}", "?");
        return text.isEmpty() ? "-" : text;
    }
}
