package io.lunbridge.inventory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the sources say of rows: the annotations of the tests, by row, and the names of all files that may be named. */
final class RowMarks {

    private static final Pattern MARK = Pattern.compile("@Row\\(([^)]*)\\)");
    private static final Pattern ID = Pattern.compile("\"([^\"]*)\"");
    private static final List<String> PLACES = List.of(
            "block-cache/src/test",
            "iscsi-transport/src/test",
            "nbd-server/src/test",
            "cli/src/test",
            "integration-tests/src/test",
            "scripts");

    private final Map<String, Set<String>> tests = new TreeMap<>();
    private final Set<String> files = new HashSet<>();

    /** Reads the sources of the checkout. */
    static RowMarks scan(Path top) {
        RowMarks marks = new RowMarks();
        for (String place : PLACES) {
            try (Stream<Path> all = Files.walk(top.resolve(place))) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    marks.add(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return marks;
    }

    private void add(Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.java$", "");
        files.add(name);
        if (file.toString().endsWith(".java")) {
            addMarks(name, Files.readString(file));
        }
    }

    void addMarks(String test, String source) {
        Matcher mark = MARK.matcher(source);
        while (mark.find()) {
            Matcher id = ID.matcher(mark.group(1));
            while (id.find()) {
                tests.computeIfAbsent(id.group(1), row -> new TreeSet<>()).add(test);
            }
        }
    }

    /** The rows that tests name. */
    Set<String> rows() {
        return tests.keySet();
    }

    /** The tests of a row, by their names. */
    Set<String> testsOf(String row) {
        return tests.getOrDefault(row, Set.of());
    }

    /** Whether there is a test or a script of that name. */
    boolean isThere(String file) {
        return files.contains(file);
    }
}
