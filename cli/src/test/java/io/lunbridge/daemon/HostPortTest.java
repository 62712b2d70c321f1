package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostPortTest {

    @ParameterizedTest
    @ValueSource(strings = {"host:1", "127.0.0.1:65535", "[::1]:3260", "[fe80::1%lo]:0", "a-b.c_d:10"})
    void whatIsPrintedIsWhatIsParsed(String text) {
        assertThat(HostPort.parse(text, 7)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "127.0.0.1", "[::1]"})
    void withoutAPortTheDefaultHolds(String text) {
        assertThat(HostPort.parse(text, 7)).hasToString(text + ":7");
    }
}
