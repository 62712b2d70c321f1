package io.lunbridge.records;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What values a key takes, and how open-iscsi writes down what it is given. */
sealed interface KeyType {

    /**
     * The value as it is stored.
     *
     * @param warnings told of what was left out of a list
     */
    String stored(String key, String value, Consumer<String> warnings) throws BadValue;

    /** Any text, cut to the length that open-iscsi has room for. */
    record Text(int maxCharacters) implements KeyType {
        @Override
        public String stored(String key, String value, Consumer<String> warnings) {
            return value.length() > maxCharacters ? value.substring(0, maxCharacters) : value;
        }
    }

    /** A number as C's strtoul reads it, so that what is no number is 0, in as many bits as open-iscsi has for it. */
    record Whole(int bits, boolean signed) implements KeyType {
        @Override
        public String stored(String key, String value, Consumer<String> warnings) {
            long number = CNumber.parse(value);
            if (signed) {
                return Integer.toString((int) number);
            }
            return Long.toString(number & ((1L << bits) - 1));
        }
    }

    /** One of a few words, spelt exactly so. */
    record Choice(List<String> words) implements KeyType {
        @Override
        public String stored(String key, String value, Consumer<String> warnings) throws BadValue {
            if (!words.contains(value)) {
                throw BadValue.unknownValue(key, value);
            }
            return value;
        }
    }

    /** Some of a few words, the preferred first. What is no such word or comes twice is left out. */
    record Choices(List<String> words) implements KeyType {
        @Override
        public String stored(String key, String value, Consumer<String> warnings) {
            List<String> chosen = new ArrayList<>();
            int start = 0;
            for (int at = 0; at <= value.length(); at++) {
                if (at == value.length() || ", \n".indexOf(value.charAt(at)) >= 0) {
                    choose(key, value.substring(start, at), chosen, warnings);
                    start = at + 1;
                }
            }
            return String.join(",", chosen);
        }

        private void choose(String key, String word, List<String> chosen, Consumer<String> warnings) {
            if (word.isEmpty()) {
                return;
            }
            if (!words.contains(word)) {
                warnings.accept("Ignoring unknown value '" + word + "' for '" + key + "'");
            } else if (chosen.contains(word)) {
                warnings.accept("Ignoring repeated value '" + word + "' for '" + key + "'");
            } else {
                chosen.add(word);
            }
        }
    }
}
