package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.TargetKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data in the order that the target likes: offered is any order, and up to eight R2Ts at a time. */
class DataOrderTest {

    private static final int FINAL = 0x80;
    private static final int ACKNOWLEDGE = 0x40;
    private static final int PIECE = 4096;
    private static final int LENGTH = 16 * PIECE;

    @Test
    @Spec(value = "RFC 7143 13.17", unh = "Login 19.1")
    void anyOrderAndSeveralR2TsAreOffered() throws Exception {
        Conversation.of(peer -> {
                    anyOrder(peer).want("MaxOutstandingR2T", "16");
                    peer.login();
                    assertThat(peer.keys().result("DataPDUInOrder")).isEqualTo("No");
                    assertThat(peer.keys().result("DataSequenceInOrder")).isEqualTo("No");
                    assertThat(peer.keys().number("MaxOutstandingR2T")).isEqualTo(8);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.flush());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    @Spec(value = "RFC 7143 13.19", unh = "FFP 12.3")
    void r2tsWithFallingOffsetsAreAnsweredAsTheyCame(int r2ts) throws Exception {
        byte[] data = randomBytes(r2ts * PIECE, 1);
        Conversation.of(peer -> {
                    anyOrder(peer).want("ImmediateData", "No").want("MaxOutstandingR2T", Integer.toString(r2ts));
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    for (int i = 0; i < r2ts; i++) {
                        peer.sendUnacknowledged(peer.commands()
                                .r2t(write, 0x100 + i, i)
                                .bufferOffset((long) (r2ts - 1 - i) * PIECE)
                                .lastWord(PIECE));
                    }
                    for (int i = 0; i < r2ts; i++) {
                        int offset = (r2ts - 1 - i) * PIECE;
                        byte[] part = peer.commands().answerTo(write, 0x100 + i, offset, PIECE);
                        assertThat(part).isEqualTo(Arrays.copyOfRange(data, offset, offset + PIECE));
                    }
                    peer.commands().good(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, data));
    }

    /** The sequence ends after so many pieces, each time. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "3, 16", "4, 1000", "5, 5", "6, 2"})
    @Spec("RFC 7143 13.18")
    void dataInInAnyOrderIsPutInItsPlace(int seed, int piecesOfSequence) throws Exception {
        readsRight(peer -> {
            anyOrder(peer);
            peer.login();
            RawPdu read = peer.serveUntil(Op::isRead);
            int dataSn = 0;
            for (int index : shuffled(LENGTH / PIECE, seed)) {
                boolean ends = (dataSn + 1) % piecesOfSequence == 0;
                sendPiece(peer, read, index * PIECE, dataSn++, ends ? FINAL : 0);
            }
            peer.commands().good(read);
            peer.serveToEnd();
        });
    }

    @Test
    @Spec("RFC 7143 13.19")
    void sequencesMayFallWherePdusRise() throws Exception {
        readsRight(peer -> {
            peer.keys().want("DataPDUInOrder", "Yes").want("DataSequenceInOrder", "No");
            peer.login();
            RawPdu read = peer.serveUntil(Op::isRead);
            int dataSn = 0;
            for (int start = LENGTH - 4 * PIECE; start >= 0; start -= 4 * PIECE) {
                for (int i = 0; i < 4; i++) {
                    sendPiece(peer, read, start + i * PIECE, dataSn++, i == 3 ? FINAL : 0);
                }
            }
            peer.commands().good(read);
            peer.serveToEnd();
        });
    }

    /** A target must not ask for that at level 0; where it does, there is nothing to answer. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    @Spec(value = "RFC 7143 11.7.2", unh = "FFP 10.2, 13.2")
    void dataInThatAsksToBeAcknowledgedIsRead(int bursts) throws Exception {
        readsRight(peer -> {
            peer.login();
            RawPdu read = peer.serveUntil(Op::isRead);
            int burst = LENGTH / bursts;
            for (int i = 0; i < bursts; i++) {
                byte[] data = peer.disk().bytes((long) i * burst, burst);
                peer.sendData(peer.commands()
                        .dataIn(read, data, (long) i * burst, i)
                        .flags(FINAL | ACKNOWLEDGE)
                        .lun(read.lun())
                        .targetTransferTag(0x77 + i));
            }
            peer.commands().good(read);
            peer.serveToEnd();
        });
    }

    private static void sendPiece(Peer peer, RawPdu read, int offset, int dataSn, int flags) throws IOException {
        byte[] data = peer.disk().bytes(offset, PIECE);
        peer.sendData(peer.commands().dataIn(read, data, offset, dataSn).flags(flags));
    }

    private static List<Integer> shuffled(int count, int seed) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        return order;
    }

    private static TargetKeys anyOrder(Peer peer) {
        return peer.keys().want("DataPDUInOrder", "No").want("DataSequenceInOrder", "No");
    }

    private static void readsRight(Script script) throws Exception {
        Conversation.of(script)
                .run((initiator, disk) -> assertThat(initiator.read(0, LENGTH)).isEqualTo(disk.bytes(0, LENGTH)));
    }

    private static byte[] randomBytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
