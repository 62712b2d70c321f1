package io.lunbridge.iscsiadm;

import io.lunbridge.iscsiadm.Option.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads options with the habits of GNU getopt_long (M-25): any order, clusters of letters, values in the same word or the
 * next, long names shortened as long as they are unambiguous. Words that are no options are moved behind them, for good:
 * what is read a second time, as open-iscsi does at each {@code -m}, is read in the new order, and a position that was
 * remembered before means another word then.
 */
final class Getopt {

    private static final Option[] OPTIONS = Option.values();

    private final String[] words;
    private final Console console;

    /** The next word to look at. */
    private int position;

    /** Words that are no options and have been passed over: from the first to before the last. */
    private int skippedFrom;

    private int skippedTo;

    /** What is left of a cluster of letters. */
    private String cluster = "";

    private @Nullable Option option;
    private @Nullable String value;
    private char refusedLetter;

    /** @param words all arguments; they are not changed */
    Getopt(String[] words, Console console) {
        this.words = words.clone();
        this.console = console;
    }

    /** Goes to the next option, which may be one that is not known; false at the end. */
    boolean next() {
        option = null;
        value = null;
        if (cluster.isEmpty() && !goToNextWord()) {
            return false;
        }
        if (!cluster.isEmpty()) {
            readLetter();
        }
        return true;
    }

    /** The option just read; null if it is not known, or its value is missing, which the user was told of. */
    @Nullable
    Option option() {
        return option;
    }

    /** The value of the option just read; empty if it takes none. */
    String value() {
        return value == null ? "" : value;
    }

    /** The letter of an option that was refused, at any time; 0 if none was, or none that has one. */
    char refusedLetter() {
        return refusedLetter;
    }

    /** Where the reading is, for {@link #goTo}. */
    int position() {
        return position;
    }

    /** Begins again. */
    void restart() {
        position = 0;
        skippedFrom = 0;
        skippedTo = 0;
        cluster = "";
    }

    /** Goes to where {@link #position} was. */
    void goTo(int earlier) {
        position = earlier;
    }

    private boolean goToNextWord() {
        skippedTo = Math.min(skippedTo, position);
        skippedFrom = Math.min(skippedFrom, position);
        moveSkippedBehind();
        while (position < words.length && !isOption(words[position])) {
            position++;
        }
        skippedTo = position;
        if (position < words.length && words[position].equals("--")) {
            position++;
            moveSkippedBehind();
            skippedTo = words.length;
            position = words.length;
        }
        if (position == words.length) {
            position = skippedFrom == skippedTo ? position : skippedFrom;
            return false;
        }
        String word = words[position];
        if (word.startsWith("--")) {
            position++;
            readLongName(word.substring(2));
        } else {
            cluster = word.substring(1);
        }
        return true;
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.charAt(0) == '-';
    }

    /** Words that were passed over change places with the options that were read after them. */
    private void moveSkippedBehind() {
        if (skippedFrom == skippedTo) {
            skippedFrom = position;
        } else if (skippedTo != position) {
            Collections.rotate(Arrays.asList(words).subList(skippedFrom, position), position - skippedTo);
            skippedFrom += position - skippedTo;
        }
        skippedTo = position;
    }

    private void readLetter() {
        char letter = cluster.charAt(0);
        cluster = cluster.substring(1);
        boolean isLast = cluster.isEmpty();
        position += isLast ? 1 : 0;
        Option known = Option.of(letter);
        if (known == null) {
            console.error("invalid option -- '" + letter + "'");
            refusedLetter = letter;
        } else if (known.argument() == Argument.NONE) {
            option = known;
        } else if (!isLast) {
            value = cluster;
            cluster = "";
            position++;
            option = known;
        } else if (position == words.length) {
            console.error("option requires an argument -- '" + letter + "'");
            refusedLetter = letter;
        } else {
            value = words[position++];
            option = known;
        }
    }

    private void readLongName(String word) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        List<Option> possible = possible(name);
        if (possible.isEmpty()) {
            console.error("unrecognized option '--" + name + "'");
            refusedLetter = 0;
        } else if (possible.size() > 1) {
            StringBuilder text = new StringBuilder("option '--" + word + "' is ambiguous; possibilities:");
            possible.forEach(each -> text.append(" '--").append(each.longName()).append('\''));
            console.error(text.toString());
            refusedLetter = 0;
        } else {
            readLong(possible.get(0), equals < 0 ? null : word.substring(equals + 1));
        }
    }

    /** The option of that name, or else all whose names begin so. */
    private static List<Option> possible(String name) {
        List<Option> possible = new ArrayList<>();
        for (Option each : OPTIONS) {
            if (each.longName().equals(name)) {
                return List.of(each);
            }
            if (each.longName().startsWith(name)) {
                possible.add(each);
            }
        }
        return possible;
    }

    private void readLong(Option known, @Nullable String inSameWord) {
        value = inSameWord;
        if (inSameWord != null && known.argument() == Argument.NONE) {
            console.error("option '--" + known.longName() + "' doesn't allow an argument");
            refusedLetter = known.letter();
            return;
        }
        if (inSameWord == null && known.argument() == Argument.REQUIRED) {
            if (position == words.length) {
                console.error("option '--" + known.longName() + "' requires an argument");
                refusedLetter = known.letter();
                return;
            }
            value = words[position++];
        }
        option = known;
    }
}
