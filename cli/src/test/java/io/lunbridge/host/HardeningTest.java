package io.lunbridge.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of it without privileges; the guest's tests see the rest. */
class HardeningTest {

    @TempDir
    private Path directory;

    @Test
    void memoryIsLockedWhereItMayBe() throws IOException {
        long before = lockedKib();
        boolean locked = MemoryLock.lockAll().isEmpty();
        try {
            assertThat(lockedKib() > before).isEqualTo(locked);
        } finally {
            assertThat(Native.LIBC.munlockall()).isZero();
        }
        assertThat(lockedKib()).isZero();
    }

    @Test
    void jarsAreKeptAndThoseBesideThem() throws IOException {
        Path jar = Files.write(directory.resolve("a.jar"), new byte[5000]);
        Files.write(Files.createDirectory(directory.resolve("lib")).resolve("b.jar"), new byte[300]);
        Files.write(directory.resolve("lib/c.txt"), new byte[10]);
        long before = CodeFiles.load("");
        assertThat(CodeFiles.load(jar + ":" + directory + ":/nowhere/d.jar") - before)
                .isEqualTo(5300);
    }

    @Test
    void saysWhyTheFlagIsMissing() {
        assertThat(Protection.flusherProblem(1, 0)).isNull();
        assertThat(Protection.flusherProblem(0, 0)).contains("perl or python3");
        assertThat(Protection.flusherProblem(-1, Native.EPERM)).contains("CAP_SYS_RESOURCE");
        assertThat(Protection.flusherProblem(-1, Native.EINVAL)).contains("5.6");
    }

    @Test
    void saysThatItMayBeKilled() throws IOException {
        assertThat(new Protection(directory).missing()).anyMatch(each -> each.contains("oom_score_adj is unknown"));
        Files.writeString(directory.resolve("oom_score_adj"), "-500\n");
        assertThat(new Protection(directory).missing()).anyMatch(each -> each.contains("oom_score_adj is -500"));
        Files.writeString(directory.resolve("oom_score_adj"), "-1000\n");
        assertThat(new Protection(directory).missing()).noneMatch(each -> each.contains("oom_score_adj"));
    }

    @Test
    void memoryForBuffersIsTakenAndFreed() throws IOException {
        long residentBefore = kib("VmRSS:");
        assertThat(BufferMemory.take()).isEqualTo(32 << 20);
        assertThat(kib("VmHWM:") - residentBefore).isGreaterThan(31 << 10);
    }

    private static long lockedKib() throws IOException {
        return kib("VmLck:");
    }

    private static long kib(String name) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
        String line =
                lines.stream().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
