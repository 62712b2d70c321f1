package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.Scsi;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Header and data digests. The target checks those of every PDU that it gets; what it sends may be damaged on the way,
 * and never becomes data that was read.
 */
class DigestTest {

    private static final int LENGTH = 16384;
    private static final int FINAL = 0x80;
    private static final int DATA_DIGEST_ERROR = 0x02;

    @ParameterizedTest
    @CsvSource({"CRC32C, CRC32C", "CRC32C, None", "None, CRC32C"})
    @Spec(value = "RFC 7143 13.1", unh = "Login 7.2, 9.1, 9.2, 9.3")
    void everyPduCarriesTheAgreedDigests(String header, String data) throws Exception {
        byte[] written = randomBytes(100_352);
        Conversation.of(peer -> {
                    peer.keys().want("HeaderDigest", header).want("DataDigest", data);
                    peer.keys().want("InitialR2T", "No").want("FirstBurstLength", "16384");
                    peer.keys().want("MaxBurstLength", "16384");
                    peer.login();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(512, written);
                    assertThat(disk.bytes(512, written.length)).isEqualTo(written);
                    assertThat(initiator.read(512, written.length)).isEqualTo(written);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1021, 4098})
    @Spec("RFC 7143 11.2.3")
    void theDigestCoversThePaddingAsItIs(int segment) throws Exception {
        readsRight(peer -> {
            RawPdu read = firstRead(peer);
            byte[] data = peer.disk().bytes(0, LENGTH);
            int dataSn = 0;
            for (int offset = 0; offset < LENGTH; offset += segment) {
                byte[] piece = Arrays.copyOfRange(data, offset, Math.min(LENGTH, offset + segment));
                peer.sendData(
                        peer.commands().dataIn(read, piece, offset, dataSn++).padding(0x5a));
            }
            peer.commands().good(read);
            peer.serveToEnd();
        });
    }

    @Test
    @Spec(value = "RFC 7143 7.8", unh = "FFP 16.4.2")
    void aReadWhoseDataIsDamagedIsIssuedAgain() throws Exception {
        readsRight(peer -> {
            RawPdu first = firstRead(peer);
            byte[] data = peer.disk().bytes(0, LENGTH);
            int half = LENGTH / 2;
            peer.sendData(peer.commands()
                    .dataIn(first, Arrays.copyOf(data, half), 0, 0)
                    .damagedData());
            peer.sendData(peer.commands()
                    .dataIn(first, Arrays.copyOfRange(data, half, LENGTH), half, 1)
                    .flags(FINAL));
            peer.commands().good(first);
            repeated(peer, first);
        });
    }

    @Test
    @Spec(value = "RFC 7143 7.8", unh = "FFP 16.4.2")
    void statusOnTheDamagedDataInIsNoSuccess() throws Exception {
        readsRight(peer -> {
            RawPdu first = firstRead(peer);
            byte[] data = peer.disk().bytes(0, LENGTH);
            peer.sendStatus(peer.commands().lastDataIn(first, data, 0, 0).damagedData());
            repeated(peer, first);
        });
    }

    private static void repeated(Peer peer, RawPdu first) throws IOException {
        RawPdu second = peer.serveUntil(Op::isRead);
        assertThat(second.cmdSn()).isEqualTo(first.cmdSn() + 1);
        assertThat(second.cdb()).isEqualTo(first.cdb());
        assertThat(second.initiatorTaskTag()).isNotEqualTo(first.initiatorTaskTag());
        peer.commands().read(second);
        peer.serveToEnd();
    }

    @Test
    @Spec("RFC 7143 7.8")
    void aReadThatIsDamagedEachTimeFailsInTheEnd() throws Exception {
        Set<Integer> attempts = new HashSet<>();
        Conversation.of(peer -> {
                    RawPdu read = firstRead(peer);
                    for (int i = 0; i < 5; i++) {
                        attempts.add(read.cmdSn());
                        byte[] data = peer.disk().bytes(0, LENGTH);
                        peer.sendStatus(
                                peer.commands().lastDataIn(read, data, 0, 0).damagedData());
                        read = i < 4 ? peer.serveUntil(Op::isRead) : read;
                    }
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    assertThat(Failures.assertFails(initiator.startRead(0, LENGTH)))
                            .isEqualTo(BlockError.IO);
                    assertThat(initiator.read(512, 512)).isEqualTo(disk.bytes(512, 512));
                });
        assertThat(attempts).hasSize(5);
    }

    @Test
    @Spec("RFC 7143 7.8")
    void aDamagedHeaderEndsTheConnection() throws Exception {
        endsTheConnection(peer -> {
            RawPdu read = firstRead(peer);
            byte[] data = peer.disk().bytes(0, LENGTH);
            peer.sendStatus(peer.commands().lastDataIn(read, data, 0, 0).damagedHeader());
            peer.expectEnd();
        });
    }

    @Test
    @Spec("RFC 7143 7.8")
    void damagedSenseEndsTheConnection() throws Exception {
        endsTheConnection(peer -> {
            RawPdu read = firstRead(peer);
            peer.sendStatus(peer.commands()
                    .replyTo(read, Op.SCSI_RESPONSE)
                    .u8(3, Scsi.CHECK_CONDITION)
                    .data(Scsi.fixedSense(Scsi.MEDIUM_ERROR, 0x11, 0))
                    .damagedData());
            peer.expectEnd();
        });
    }

    @Test
    @Spec("RFC 7143 7.8")
    void aDamagedPingEndsTheConnection() throws Exception {
        endsTheConnection(peer -> {
            var unused = firstRead(peer);
            peer.sendUnacknowledged(RawReply.of(Op.NOP_IN)
                    .initiatorTaskTag(RawReply.RESERVED_TAG)
                    .targetTransferTag(7)
                    .data(new byte[] {1, 2, 3})
                    .damagedData());
            peer.expectEnd();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Spec(value = "RFC 7143 11.4.7.2", unh = "FFP 16.4.1")
    void aWriteThatTheTargetFoundDamagedIsIssuedAgain(boolean rejectsFirst) throws Exception {
        byte[] data = randomBytes(LENGTH);
        Conversation.of(peer -> {
                    withDigests(peer);
                    peer.keys().want("ImmediateData", "No");
                    peer.login();
                    RawPdu first = peer.serveUntil(Op::isWrite);
                    byte[] damaged = peer.commands().solicit(first, 0, 0, LENGTH);
                    assertThat(damaged).isEqualTo(data);
                    if (rejectsFirst) {
                        byte[] dataOut = first.header();
                        dataOut[0] = Op.DATA_OUT;
                        peer.sendStatus(peer.commands()
                                .rejectOf(first, DATA_DIGEST_ERROR)
                                .data(dataOut));
                    }
                    peer.commands().fail(first, Scsi.ABORTED_COMMAND, 0x47, 0x05);
                    RawPdu second = peer.serveUntil(Op::isWrite);
                    assertThat(second.cmdSn()).isEqualTo(first.cmdSn() + 1);
                    peer.commands().write(second);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(4096, data);
                    assertThat(disk.bytes(4096, LENGTH)).isEqualTo(data);
                });
    }

    @Test
    @Spec("RFC 7143 7.8")
    void aWriteWhoseImmediateDataWasDamagedIsIssuedAgain() throws Exception {
        byte[] data = randomBytes(4096);
        Conversation.of(peer -> {
                    withDigests(peer);
                    peer.login();
                    RawPdu first = peer.serveUntil(Op::isWrite);
                    peer.sendStatus(peer.commands().rejectOf(first, DATA_DIGEST_ERROR));
                    RawPdu second = peer.serveUntil(Op::isWrite);
                    assertThat(second.cmdSn()).isEqualTo(first.cmdSn() + 1);
                    peer.commands().write(second);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(4096, data);
                    assertThat(disk.bytes(4096, data.length)).isEqualTo(data);
                });
    }

    private static RawPdu firstRead(Peer peer) throws IOException {
        withDigests(peer);
        peer.login();
        return peer.serveUntil(Op::isRead);
    }

    private static void withDigests(Peer peer) {
        peer.keys().want("HeaderDigest", "CRC32C").want("DataDigest", "CRC32C");
    }

    private static void readsRight(Script script) throws Exception {
        Conversation.of(script)
                .run((initiator, disk) -> assertThat(initiator.read(0, LENGTH)).isEqualTo(disk.bytes(0, LENGTH)));
    }

    private static void endsTheConnection(Script script) throws Exception {
        Conversation.of(script).run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
