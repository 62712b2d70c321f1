package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NeedsTools;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.VirtualDisk;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The other initiator works where the target does, so that what it fails in a comparison is its own. */
@NeedsTools("qemu-nbd")
class QemuNbdInitiatorTest {

    private static final Script ORDINARY = peer -> {
        peer.login();
        RawPdu logout = peer.serveUntil(pdu -> pdu.opcode() == Op.LOGOUT);
        peer.commands().serve(logout);
    };

    @Test
    void writesReadsFlushesAndLogsOut() throws Exception {
        byte[] data = new byte[300 * 1024];
        new Random(1).nextBytes(data);
        try (ScriptedTarget target = ScriptedTarget.playing(Contestant.QEMU_NBD.adapted(ORDINARY))) {
            try (QemuNbdInitiator initiator = QemuNbdInitiator.open(target, UnaryOperator.identity())) {
                assertThat(initiator.geometry().sizeBytes()).isEqualTo(VirtualDisk.SIZE_BYTES);
                CompletableFuture<byte[]> write = initiator.startWrite(4096, data);
                CompletableFuture<byte[]> read = initiator.startRead(1 << 20, 8192);
                Initiator.await(write);
                assertThat(Initiator.await(read)).isEqualTo(target.disk().bytes(1 << 20, 8192));
                initiator.flush();
                assertThat(initiator.read(4096, data.length)).isEqualTo(data);
            }
            target.assertPlayed();
            assertThat(target.disk().bytes(4096, data.length)).isEqualTo(data);
        }
    }
}
