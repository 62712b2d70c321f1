package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.Scsi;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data that answers an R2T. The target checks each Data-Out of each burst: TTT, ITT and LUN, DataSN from 0, offsets,
 * lengths, F on the last one only.
 */
class SolicitedDataTest {

    @Test
    @Spec(value = "RFC 7143 11.7.4", unh = "FFP 9.1, 12.1")
    void echoesTheTargetTransferTagAndLun() throws Exception {
        byte[] data = randomBytes(2048);
        Conversation.of(peer -> {
                    nothingUnasked(peer);
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    peer.sendUnacknowledged(peer.commands()
                            .r2t(write, 0xabbaabba, 0)
                            .bufferOffset(0)
                            .lastWord(2048));
                    RawPdu out = peer.expect(Op.DATA_OUT);
                    assertThat(out.targetTransferTag()).isEqualTo(0xabbaabba);
                    assertThat(out.lun()).isEqualTo(write.lun());
                    assertThat(out.initiatorTaskTag()).isEqualTo(write.initiatorTaskTag());
                    assertThat(out.bufferOffset()).isZero();
                    assertThat(out.data()).isEqualTo(data);
                    assertThat(out.isFinal()).isTrue();
                    peer.commands().good(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, data));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096, 65536})
    @Spec(value = "RFC 7143 13.12", unh = "FFP 11.1.1, 6.1, 11.2.2, 11.4, 12.2")
    void segmentsAreNoLongerThanTheTargetDeclared(int segment) throws Exception {
        byte[] data = randomBytes(96 * 1024);
        Conversation.of(peer -> {
                    nothingUnasked(peer);
                    peer.keys().want("MaxRecvDataSegmentLength", Integer.toString(segment));
                    peer.login();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(512, data);
                    assertThat(disk.bytes(512, data.length)).isEqualTo(data);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 8192, 12288, 100352})
    @Spec(value = "RFC 7143 11.7.5", unh = "FFP 11.3, 6.1")
    void dataSnStartsAgainAtEachR2T(int burst) throws Exception {
        byte[] data = randomBytes(256 * 1024);
        Conversation.of(peer -> {
                    nothingUnasked(peer);
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    for (int offset = 0, r2tSn = 0; offset < data.length; offset += burst, r2tSn++) {
                        int length = Math.min(burst, data.length - offset);
                        byte[] part = peer.commands().solicit(write, r2tSn, offset, length);
                        assertThat(part).isEqualTo(Arrays.copyOfRange(data, offset, offset + length));
                    }
                    peer.commands().good(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, data));
    }

    @Test
    @Spec("RFC 7143 11.8")
    void r2tOfOddLengthIsAnsweredExactly() throws Exception {
        byte[] data = randomBytes(4096);
        Conversation.of(peer -> {
                    nothingUnasked(peer);
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    int[] lengths = {1, 2, 3, 1021, 5, 3064};
                    int offset = 0;
                    for (int r2tSn = 0; r2tSn < lengths.length; r2tSn++) {
                        byte[] part = peer.commands().solicit(write, r2tSn, offset, lengths[r2tSn]);
                        assertThat(part).isEqualTo(Arrays.copyOfRange(data, offset, offset + lengths[r2tSn]));
                        offset += lengths[r2tSn];
                    }
                    assertThat(offset).isEqualTo(data.length);
                    peer.commands().good(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, data));
    }

    @Test
    @Spec(value = "RFC 7143 4.2.5.2", unh = "FFP 12.4")
    void r2tsOfSeveralTasksAreAnsweredInTheirOrder() throws Exception {
        byte[] first = randomBytes(32768);
        byte[] second = randomBytes(40960);
        Conversation.of(peer -> {
                    nothingUnasked(peer);
                    peer.login();
                    RawPdu firstWrite = peer.serveUntil(Op::isWrite);
                    RawPdu secondWrite = peer.expect(Op.SCSI_COMMAND);
                    peer.sendUnacknowledged(peer.commands()
                            .r2t(secondWrite, 0x2222, 0)
                            .bufferOffset(0)
                            .lastWord(second.length));
                    peer.sendUnacknowledged(peer.commands()
                            .r2t(firstWrite, 0x1111, 0)
                            .bufferOffset(0)
                            .lastWord(first.length));
                    assertThat(peer.commands().answerTo(secondWrite, 0x2222, 0, second.length))
                            .isEqualTo(second);
                    assertThat(peer.commands().answerTo(firstWrite, 0x1111, 0, first.length))
                            .isEqualTo(first);
                    peer.commands().good(secondWrite);
                    peer.commands().good(firstWrite);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    CompletableFuture<byte[]> one = initiator.startWrite(0, first);
                    CompletableFuture<byte[]> two = initiator.startWrite(1 << 20, second);
                    Initiator.await(one);
                    Initiator.await(two);
                });
    }

    @Test
    @Spec("RFC 7143 4.2.5.2")
    void readsAreServedBetweenTheR2TsOfAWrite() throws Exception {
        byte[] data = randomBytes(65536);
        Conversation.of(SolicitedDataTest::readBetweenR2Ts).run((initiator, disk) -> {
            CompletableFuture<byte[]> write = initiator.startWrite(0, data);
            byte[] read = initiator.read(1 << 20, 8192);
            Initiator.await(write);
            assertThat(read).isEqualTo(disk.bytes(1 << 20, 8192));
            assertThat(disk.bytes(0, data.length)).isEqualTo(data);
        });
    }

    private static void readBetweenR2Ts(Peer peer) throws IOException {
        nothingUnasked(peer);
        peer.login();
        RawPdu write = peer.serveUntil(Op::isWrite);
        byte[] start = peer.commands().solicit(write, 0, 0, 32768);
        peer.commands().read(peer.expect(Op.SCSI_COMMAND));
        byte[] rest = peer.commands().solicit(write, 1, 32768, 32768);
        peer.disk().store(0, start);
        peer.disk().store(32768, rest);
        peer.commands().good(write);
        peer.serveToEnd();
    }

    @Test
    @Spec("RFC 7143 11.4")
    void statusThatComesInsteadOfAnR2TEndsTheWrite() throws Exception {
        Script refusing = peer -> {
            nothingUnasked(peer);
            peer.login();
            RawPdu write = peer.serveUntil(Op::isWrite);
            peer.commands().fail(write, Scsi.DATA_PROTECT, 0x27, 0x00);
            peer.serveToEnd();
        };
        Conversation.of(refusing)
                .run((initiator, disk) -> Failures.assertFails(initiator.startWrite(0, randomBytes(65536))));
    }

    private static void nothingUnasked(Peer peer) {
        peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
