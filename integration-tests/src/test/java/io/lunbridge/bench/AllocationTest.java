package io.lunbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.Figures;
import io.lunbridge.interop.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A request makes next to no garbage, from the NBD socket to the target and back. */
@Tag("once")
class AllocationTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** A receive buffer that is not pooled costs 280 by itself. */
    private static final int MOST_BYTES = 200;

    private static final int KINDS = 16;

    @Test
    void aRequestAllocatesNextToNothingOnTheLoop() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(LauncherOptions.of("serve"));
        // The target's disk is in the heap.
        command.addAll(
                List.of("-Xmx192m", "-cp", System.getProperty("java.class.path"), AllocationProgram.class.getName()));
        List<String> lines = Processes.outcome(LIMIT, Map.of(), command)
                .orFail()
                .output()
                .lines()
                .filter(line -> line.startsWith("allocated: "))
                .toList();
        lines.forEach(Figures::add);
        assertThat(lines).hasSize(KINDS);
        assertThat(lines).allSatisfy(line -> assertThat(bytes(line)).as(line).isLessThanOrEqualTo(MOST_BYTES));
    }

    private static int bytes(String line) {
        return Integer.parseInt(line.split(" ", 3)[1]);
    }
}
