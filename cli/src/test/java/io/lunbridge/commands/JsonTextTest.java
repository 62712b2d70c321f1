package io.lunbridge.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class JsonTextTest {

    @Test
    void scalarsAreThemselves() {
        assertThat(JsonText.of(null)).isEqualTo("null");
        assertThat(JsonText.of(true)).isEqualTo("true");
        assertThat(JsonText.of(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(JsonText.of("")).isEqualTo("\"\"");
    }

    @Test
    void stringsAreAsciiAndEscaped() {
        assertThat(JsonText.of("a\"b\\c\n\u0000\u007fä😀"))
                .isEqualTo("\"a\\\"b\\\\c\\u000a\\u0000\\u007f\\u00e4\\ud83d\\ude00\"");
    }

    @Test
    void objectsAndListsAreIndented() {
        Map<String, Object> object = new TreeMap<>(Map.of("a", List.of(1, "x"), "b", Map.of(), "c", List.of()));

        assertThat(JsonText.of(object)).isEqualTo("""
                {
                  "a": [
                    1,
                    "x"
                  ],
                  "b": {},
                  "c": []
                }""");
    }
}
