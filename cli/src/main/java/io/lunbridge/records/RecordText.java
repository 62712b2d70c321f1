package io.lunbridge.records;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The text of a record file or of {@code iscsid.conf} (M-90): {@code name = value} lines, {@code #} begins a comment
 * line. The blank before the equals sign is needed, as open-iscsi needs it.
 */
final class RecordText {

    static final String VERSION = "2.1.8";
    static final String BEGIN = "# BEGIN RECORD " + VERSION;
    static final String END = "# END RECORD";

    /** open-iscsi reads into a buffer of 2048 bytes, the end of the line and of the string among them. */
    private static final int MAX_LINE_CHARACTERS = 2046;

    private static final String BEGIN_OF_ANY_VERSION = "# BEGIN RECORD";

    private final List<Line> lines = new ArrayList<>();
    private boolean begun;
    private boolean ended;

    /** A line that says something; the first line of the file is number 1. */
    record Line(int number, String name, String value) {}

    private RecordText() {}

    /** @param warnings told of each line that says nothing that can be understood */
    static RecordText parse(String text, Consumer<String> warnings) {
        RecordText parsed = new RecordText();
        int number = 1;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int stop = end < 0 ? text.length() : end;
            if (stop - start > MAX_LINE_CHARACTERS) {
                warnings.accept("Config file line " + number + " too long.");
            } else {
                parsed.line(number, strip(text, start, stop), warnings);
            }
            start = stop + 1;
            number++;
        }
        return parsed;
    }

    private void line(int number, String line, Consumer<String> warnings) {
        if (line.isEmpty() || line.charAt(0) == '#') {
            begun |= line.startsWith(BEGIN_OF_ANY_VERSION);
            ended |= line.equals(END);
            return;
        }
        int nameEnd = 0;
        while (nameEnd < line.length() && line.charAt(nameEnd) != '=' && !CNumber.isBlank(line.charAt(nameEnd))) {
            nameEnd++;
        }
        int equals = afterBlanks(line, nameEnd + 1);
        int value = afterBlanks(line, equals + 1);
        if (nameEnd == line.length()) {
            warnings.accept("Config file line " + number + " does not have value");
        } else if (equals < line.length() && line.charAt(equals) != '=') {
            warnings.accept("Config file line " + number + " does not have '=' separator");
        } else if (value >= line.length()) {
            warnings.accept("Config file line " + number + " does not have value");
        } else {
            lines.add(new Line(number, line.substring(0, nameEnd), line.substring(value)));
        }
    }

    private static int afterBlanks(String line, int start) {
        int at = start;
        while (at < line.length() && CNumber.isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static String strip(String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && CNumber.isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && CNumber.isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    List<Line> lines() {
        return lines;
    }

    /** Whether it says so at its beginning that it is a record, but not at its end that it is whole. */
    boolean isCutOff() {
        return begun && !ended;
    }
}
