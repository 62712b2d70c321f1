package io.lunbridge.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NeedsTools;
import io.lunbridge.interop.Processes;
import org.junit.jupiter.api.Test;

/** The scripted target seen by libiscsi and QEMU, which know nothing of us: it has to be a proper target to them. */
class ScriptedTargetTest {

    private static final Script ORDINARY = peer -> {
        peer.numbers().tolerateEarlyExpStatSn();
        peer.login();
        peer.serveToEnd();
    };

    @Test
    @NeedsTools("iscsi-inq")
    void libiscsiReadsTheStandardInquiry() {
        try (ScriptedTarget target = ScriptedTarget.playing(ORDINARY)) {
            String inquiry = Processes.run("iscsi-inq", target.url()).output();

            assertThat(inquiry).contains("DIRECT_ACCESS", "Vendor:LUNBRDGE", "Product:SCRIPTED DISK");
            target.assertPlayed();
        }
    }

    @Test
    @NeedsTools("iscsi-readcapacity16")
    void libiscsiReadsTheCapacity() {
        try (ScriptedTarget target = ScriptedTarget.playing(ORDINARY)) {
            String capacity =
                    Processes.run("iscsi-readcapacity16", target.url()).output();

            assertThat(capacity).contains("Total size:" + VirtualDisk.SIZE_BYTES);
            target.assertPlayed();
        }
    }

    @Test
    @NeedsTools("qemu-io")
    void qemuWritesInSeveralBurstsAndReadsBack() {
        try (ScriptedTarget target = ScriptedTarget.playing(ORDINARY)) {
            target.disk().store(0, new byte[VirtualDisk.SIZE_BYTES]);

            String output = Processes.run(
                            "qemu-io",
                            "-f",
                            "raw",
                            "-c",
                            "write -P 0xa7 4096 1M",
                            "-c",
                            "read -P 0xa7 4096 1M",
                            "-c",
                            "read -P 0 0 4096",
                            target.url())
                    .output();

            assertThat(output).doesNotContain("failed");
            assertThat(target.disk().bytes(4096, 1 << 20)).containsOnly(0xa7);
            target.assertPlayed();
        }
    }
}
