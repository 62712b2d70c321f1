package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Immediate and unsolicited data. That each PDU of it keeps to the rules (F bit, DataSN, offsets, segment and burst
 * lengths) is checked by the target for every write of every test here.
 */
class UnsolicitedDataTest {

    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final int FIRST_BURST = 65536;

    @ParameterizedTest(name = "ImmediateData={0} InitialR2T={1}, {2} bytes")
    @CsvSource({
        "Yes, Yes, 512",
        "Yes, Yes, 8192",
        "Yes, Yes, 8704",
        "Yes, Yes, 65536",
        "Yes, Yes, 393216",
        "Yes, No, 512",
        "Yes, No, 8192",
        "Yes, No, 8704",
        "Yes, No, 65536",
        "Yes, No, 66048",
        "Yes, No, 393216",
        "No, Yes, 512",
        "No, Yes, 8192",
        "No, Yes, 393216",
        "No, No, 512",
        "No, No, 8192",
        "No, No, 8704",
        "No, No, 65536",
        "No, No, 66048",
        "No, No, 393216"
    })
    @Spec(value = "RFC 7143 4.2.5.2", unh = "FFP 8.2, 8.3, 16.2.1, 16.2.2, 16.2.3, 16.2.4, 16.6, 11.2.1, Login 13.2")
    void matrixOfImmediateDataAndInitialR2T(String immediateData, String initialR2T, int length) throws Exception {
        AtomicReference<RawPdu> seen = new AtomicReference<>();
        byte[] data = randomBytes(length);
        Conversation.of(peer -> {
                    peer.keys().want("ImmediateData", immediateData).want("InitialR2T", initialR2T);
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    seen.set(write);
                    peer.commands().write(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(4096, data);
                    assertThat(disk.bytes(4096, length)).isEqualTo(data);
                });

        boolean all = length <= immediateLimit(immediateData);
        assertThat(seen.get().data()).hasSize(Math.min(length, immediateLimit(immediateData)));
        assertThat(seen.get().isFinal()).isEqualTo(all || initialR2T.equals("Yes"));
        assertThat(seen.get().flags() & 0x60).as("R and W bits").isEqualTo(0x20);
    }

    private static int immediateLimit(String immediateData) {
        return immediateData.equals("Yes") ? 8192 : 0;
    }

    @Test
    @Spec(value = "RFC 7143 13.14", unh = "FFP 8.1")
    void neverMoreThanFirstBurstUnasked() throws Exception {
        byte[] data = randomBytes(4096);
        Conversation.of(peer -> {
                    peer.keys().want("FirstBurstLength", "512").want("MaxBurstLength", "1024");
                    peer.keys().want("InitialR2T", "No").want("ImmediateData", "Yes");
                    peer.login();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(0, data);
                    assertThat(disk.bytes(0, 4096)).isEqualTo(data);
                });
    }

    @Test
    @Spec(value = "RFC 7143 11.3.4", unh = "FFP 16.2.2")
    void unsolicitedDataIsTheMaximumOrOnlyImmediate() throws Exception {
        AtomicReference<Integer> unsolicited = new AtomicReference<>();
        Conversation.of(peer -> {
                    peer.keys().want("InitialR2T", "No").want("ImmediateData", "Yes");
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    int length = peer.commands().writeUnsolicited(write).length;
                    unsolicited.set(length);
                    peer.commands().solicit(write, 0, length, 3 * FIRST_BURST - length);
                    peer.commands().good(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, randomBytes(3 * FIRST_BURST)));

        assertThat(unsolicited.get()).isIn(FIRST_BURST, 8192);
    }

    @Test
    @Spec(value = "RFC 7143 13.10", unh = "FFP 8.2, 16.3.1")
    void nothingBeforeTheR2TWhereNothingWasAgreed() throws Exception {
        Conversation.of(quietAfter("No", "Yes", 0))
                .run((initiator, disk) -> initiator.write(0, randomBytes(FIRST_BURST)));
    }

    @Test
    @Spec(value = "RFC 7143 13.11", unh = "FFP 16.6")
    void nothingAfterImmediateDataBeforeTheR2T() throws Exception {
        Conversation.of(quietAfter("Yes", "Yes", 8192))
                .run((initiator, disk) -> initiator.write(0, randomBytes(FIRST_BURST)));
    }

    private static Script quietAfter(String immediateData, String initialR2T, int immediateBytes) {
        return peer -> {
            peer.keys().want("ImmediateData", immediateData).want("InitialR2T", initialR2T);
            peer.login();
            RawPdu write = peer.serveUntil(Op::isWrite);
            assertThat(write.data()).hasSize(immediateBytes);
            assertThat(write.isFinal()).isTrue();
            peer.assertQuiet(A_WHILE);
            finish(peer, write);
        };
    }

    private static void finish(Peer peer, RawPdu write) throws IOException {
        peer.commands().write(write);
        peer.serveToEnd();
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
