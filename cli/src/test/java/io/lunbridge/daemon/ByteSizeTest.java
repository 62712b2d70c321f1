package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "512, 512",
        "512B, 512",
        "4k, 4096",
        "4K, 4096",
        "64MiB, 67108864",
        "64mb, 67108864",
        "1G, 1073741824",
        "2T, 2199023255552",
        "8191P, 9222246136947933184",
        "9223372036854775807, 9223372036854775807",
    })
    void suffixesArePowersOf1024(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-1",
                "+1",
                "1.5G",
                "1 G",
                "G",
                "1X",
                "1GG",
                "1i",
                "0x10",
                "8192P",
                "9223372036854775808"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageStartingWith("'" + text + "' is ");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1023, 1023 bytes",
        "1024, 1 KiB",
        "1536, 1.50 KiB",
        "10752, 10.5 KiB",
        "1073741824, 1 GiB",
        "9223372036854775807, 8192 PiB",
    })
    void peopleSeeThreeDigits(long bytes, String text) {
        assertThat(ByteSize.describe(bytes)).isEqualTo(text);
    }
}
