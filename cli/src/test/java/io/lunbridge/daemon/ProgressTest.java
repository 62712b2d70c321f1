package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aTerminalSeesOneLineThatIsErasedAtTheEnd() {
        try (Progress progress = new Progress(err, true)) {
            progress.step("one");
            progress.step("two");
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\u001b[Kone …\r\u001b[Ktwo …\r\u001b[K");
    }

    @Test
    void aFileSeesNothing() {
        try (Progress progress = new Progress(err, false)) {
            progress.step("one");
        }

        assertThat(bytes.size()).isZero();
    }
}
