package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** jSCSI's target of 2013, in a JVM of its own: the least that calls itself an iSCSI target. */
@NeedsTools("fio")
@Tag("lun")
@Tag("once")
class JscsiTest {

    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    @Test
    void servesAVerifiedDisk(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("jscsi.img");
        Processes.run("truncate", "-s", Long.toString(VerifiedIo.SIZE_BYTES), file.toString());
        int port = FreePort.next();
        try (BackgroundProcess jscsi = start(port, file)) {
            // It serves one session at a time.
            String url = "iscsi://127.0.0.1:" + port + "/" + JscsiServer.IQN + "/0";
            VerifiedIo.on(new ServedLun(url, "--lanes", "1"), file);
            assertThat(jscsi.isAlive()).as(jscsi.output()).isTrue();
            assertThat(jscsi.output()).as("it knows no WRITE(16)").contains("Unsupported SCSI OpCode 0x8a");
        }
    }

    private static BackgroundProcess start(int port, Path file) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        BackgroundProcess jscsi = BackgroundProcess.start(
                Map.of(),
                List.of(java, "-cp", classPath, JscsiServer.class.getName(), Integer.toString(port), file.toString()));
        Waiting.until(START_LIMIT, () -> FreePort.isListening(port) || !jscsi.isAlive(), jscsi::output);
        assertThat(jscsi.isAlive()).as(jscsi.output()).isTrue();
        return jscsi;
    }
}
