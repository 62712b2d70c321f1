package io.lunbridge.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code rows.txt}, whose first lines say what it holds.
 *
 * @param id as {@code M-36}
 * @param subject what it is about
 * @param files names of tests, without {@code .java}, and of scripts, that prove it besides those that are annotated
 * @param reason why it does not apply; empty where it does
 */
record InventoryRow(String id, String subject, List<String> files, String reason) {

    private static final String RESOURCE = "rows.txt";
    private static final Pattern LINE =
            Pattern.compile("((?:S|M|R|CR|U)-\\d+) \\| ([^|]+) \\|(?: by ([\\w., -]+)| not: (.+))?");

    static List<InventoryRow> read() {
        try (InputStream in = Objects.requireNonNull(InventoryRow.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(InventoryRow::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InventoryRow parse(String line) {
        Matcher columns = LINE.matcher(line);
        if (!columns.matches()) {
            throw new AssertionError(RESOURCE + " has a line of another form: " + line);
        }
        String files = Objects.requireNonNullElse(columns.group(3), "");
        return new InventoryRow(
                columns.group(1),
                columns.group(2),
                files.isEmpty() ? List.of() : List.of(files.split(", ", -1)),
                Objects.requireNonNullElse(columns.group(4), ""));
    }

    /** The part of the inventory that it belongs to. */
    String kind() {
        return id.substring(0, id.indexOf('-'));
    }

    boolean applies() {
        return reason.isEmpty();
    }
}
