package io.lunbridge.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NeedsTools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A LUN attached by the kernel's own initiator (iscsi_tcp, with open-iscsi) and by ours looks the same in sysfs, but for
 * what {@code queue-limits.tsv} gives a reason for. Writes the table to {@code target/queue-limits.md}.
 */
@NeedsTools({"tgtd", "iscsid", "iscsiadm"})
class QueueLimitsTest {

    @TestFactory
    Stream<DynamicTest> besideTheKernelsInitiator() throws Exception {
        if (GuestChecks.SMOKE) {
            return Stream.of();
        }
        QueueLimits limits = QueueLimits.of(GuestProgram.QUEUE_LIMITS.outcome().output(), reasons());
        Path table = Guest.checkout().resolve("integration-tests/target/queue-limits.md");
        Files.createDirectories(table.getParent());
        Files.writeString(table, limits.markdown());
        return Stream.concat(
                GuestProgram.QUEUE_LIMITS.checks(),
                Stream.of(
                        DynamicTest.dynamicTest(
                                "what differs has a reason",
                                () -> assertThat(limits.unexplained()).isEmpty()),
                        DynamicTest.dynamicTest(
                                "each reason is for something that differs",
                                () -> assertThat(limits.idle()).isEmpty()),
                        DynamicTest.dynamicTest(
                                "there is something to compare",
                                () -> assertThat(limits.isEmpty()).isFalse())));
    }

    private static String reasons() throws IOException {
        try (InputStream file = Objects.requireNonNull(QueueLimitsTest.class.getResourceAsStream("queue-limits.tsv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
