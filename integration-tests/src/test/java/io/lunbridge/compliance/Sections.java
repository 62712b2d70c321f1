package io.lunbridge.compliance;

import java.util.Comparator;

/** The order of sections: 4.2.2 before 11.1, as in the table of contents. */
final class Sections {

    static final Comparator<String> ORDER = Comparator.comparing(Sections::padded);

    private Sections() {}

    /** Each number in it with leading zeros. */
    private static String padded(String rule) {
        StringBuilder padded = new StringBuilder();
        for (String part : rule.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)", -1)) {
            padded.append(Character.isDigit(part.charAt(0)) ? String.format("%6s", part) : part);
        }
        return padded.toString();
    }
}
