package io.lunbridge.kernel;

import io.lunbridge.interop.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * The lines by which a program inside the guest reports its checks, a small part of the Test Anything Protocol: {@code
 * ok NAME}, {@code not ok NAME}, after a failed one its reasons as {@code # …}, and at the end {@code 1..COUNT}. And
 * {@code figure TEXT}, which is for people.
 */
final class Tap {

    private static final String PASSED = "ok ";
    private static final String FAILED = "not ok ";
    private static final String REASON = "# ";
    private static final String PLAN = "1..";
    private static final String FIGURE = "figure ";

    private final List<DynamicTest> tests = new ArrayList<>();
    private int planned;

    private Tap() {}

    /**
     * A test per check, and one that all checks were made.
     *
     * @param programs how many programs ran, each of which prints a count at its end
     */
    static Stream<DynamicTest> tests(int programs, int exitStatus, String output) {
        Tap tap = new Tap();
        output.lines()
                .filter(line -> line.startsWith(FIGURE))
                .forEach(line -> Figures.add("in the guest: " + line.substring(FIGURE.length())));
        tap.read(output.lines().toList());
        long ended = output.lines().filter(line -> line.startsWith(PLAN)).count();
        boolean complete = exitStatus == 0 && ended == programs && tap.planned == tap.tests.size();
        tap.add("every check was made", complete ? null : "status " + exitStatus + "\n" + output);
        return tap.tests.stream();
    }

    private void read(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(PASSED)) {
                add(line.substring(PASSED.length()), null);
            } else if (line.startsWith(FAILED)) {
                add(line.substring(FAILED.length()), reasons(lines, i + 1));
            } else if (line.startsWith(PLAN)) {
                planned += Integer.parseInt(line.substring(PLAN.length()));
            }
        }
    }

    private static String reasons(List<String> lines, int from) {
        return String.join(
                "\n",
                lines.subList(from, lines.size()).stream()
                        .takeWhile(line -> line.startsWith(REASON))
                        .toList());
    }

    private void add(String name, @Nullable String reasons) {
        tests.add(DynamicTest.dynamicTest(name, () -> {
            if (reasons != null) {
                throw new AssertionError(name + ", inside the guest:\n" + reasons);
            }
        }));
    }
}
