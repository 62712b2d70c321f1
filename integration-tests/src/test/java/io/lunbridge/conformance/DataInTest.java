package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data-In in every legal shape: what is read is always exactly what the target has. */
class DataInTest {

    private static final int FINAL = 0x80;
    private static final int UNDERFLOW = 0x02;
    private static final int LENGTH = 16384;

    @Test
    @Spec(value = "RFC 7143 11.7.3", unh = "FFP 10.1")
    void statusOnTheLastDataInEndsTheCommand() throws Exception {
        readsRight(peer -> {
            peer.login();
            peer.commands().read(peer.serveUntil(Op::isRead));
            peer.commands().read(peer.serveUntil(Op::isRead));
            peer.serveToEnd();
        });
    }

    @Test
    @Spec("RFC 7143 11.4")
    void statusMayComeInAResponseOfItsOwn() throws Exception {
        readsRight(peer -> answer(peer, (read, data) -> {
            peer.sendData(peer.commands().dataIn(read, data, 0, 0).flags(FINAL));
            peer.commands().good(read);
        }));
    }

    @Test
    @Spec(value = "RFC 7143 11.7.1", unh = "FFP 11.1.2")
    void emptyDataInIsNoError() throws Exception {
        readsRight(peer -> answer(peer, (read, data) -> {
            peer.sendData(peer.commands().dataIn(read, new byte[0], 0, 0));
            peer.sendData(peer.commands().dataIn(read, data, 0, 1).flags(FINAL));
            peer.sendStatus(peer.commands().lastDataIn(read, new byte[0], data.length, 2));
        }));
    }

    @Test
    @Spec("RFC 7143 11.7.1")
    void finalBitEndsASequenceAndNotTheCommand() throws Exception {
        readsRight(peer -> answer(peer, (read, data) -> {
            int half = data.length / 2;
            peer.sendData(peer.commands()
                    .dataIn(read, Arrays.copyOf(data, half), 0, 0)
                    .flags(FINAL));
            peer.sendStatus(peer.commands().lastDataIn(read, Arrays.copyOfRange(data, half, data.length), half, 1));
        }));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 509, 511, 513, 4097})
    @Spec("RFC 7143 11.1")
    void segmentsOfAnyLengthWithPaddingOfAnyValue(int segment) throws Exception {
        readsRight(peer -> answer(peer, (read, data) -> {
            int dataSn = 0;
            for (int offset = 0; offset < data.length; offset += segment) {
                byte[] piece = Arrays.copyOfRange(data, offset, Math.min(data.length, offset + segment));
                peer.sendData(
                        peer.commands().dataIn(read, piece, offset, dataSn++).padding(0x5a));
            }
            peer.commands().good(read);
        }));
    }

    @Test
    @Spec("RFC 7143 4.2.5.3")
    void twoReadsInterleaved() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu one = peer.serveUntil(Op::isRead);
                    RawPdu two = peer.expect(Op.SCSI_COMMAND);
                    byte[] ofOne = peer.disk().bytes(0, LENGTH);
                    byte[] ofTwo = peer.disk().bytes(1 << 20, LENGTH);
                    int half = LENGTH / 2;
                    peer.sendData(peer.commands().dataIn(two, Arrays.copyOf(ofTwo, half), 0, 0));
                    peer.sendData(peer.commands().dataIn(one, Arrays.copyOf(ofOne, half), 0, 0));
                    byte[] restOfTwo = Arrays.copyOfRange(ofTwo, half, LENGTH);
                    peer.sendStatus(peer.commands().lastDataIn(two, restOfTwo, half, 1));
                    byte[] restOfOne = Arrays.copyOfRange(ofOne, half, LENGTH);
                    peer.sendStatus(peer.commands().lastDataIn(one, restOfOne, half, 1));
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    var one = initiator.startRead(0, LENGTH);
                    var two = initiator.startRead(1 << 20, LENGTH);
                    assertThat(Initiator.await(two)).isEqualTo(disk.bytes(1 << 20, LENGTH));
                    assertThat(Initiator.await(one)).isEqualTo(disk.bytes(0, LENGTH));
                });
    }

    @Test
    @Spec(value = "RFC 7143 11.4.5.1", unh = "FFP 16.4.2")
    void residualUnderflowFailsARead() throws Exception {
        fails(peer -> answer(peer, (read, data) -> {
            peer.sendData(peer.commands()
                    .dataIn(read, Arrays.copyOf(data, data.length - 512), 0, 0)
                    .flags(FINAL));
            peer.sendStatus(peer.commands()
                    .replyTo(read, Op.SCSI_RESPONSE)
                    .flags(FINAL | UNDERFLOW)
                    .lastWord(512));
        }));
    }

    @Test
    @Spec(value = "RFC 7143 11.4.5.1", unh = "FFP 16.4.2")
    void goodStatusWithMissingDataIsNoSuccess() throws Exception {
        fails(peer -> answer(peer, (read, data) -> {
            byte[] part = Arrays.copyOf(data, data.length / 2);
            peer.sendData(peer.commands().dataIn(read, part, 0, 0).flags(FINAL));
            peer.commands().good(read);
        }));
    }

    @Test
    @Spec(value = "RFC 7143 11.7.6", unh = "FFP 13.1")
    void gapInTheDataIsNoSuccess() throws Exception {
        fails(peer -> answer(peer, (read, data) -> {
            int third = 4096;
            peer.sendData(peer.commands().dataIn(read, Arrays.copyOf(data, third), 0, 0));
            byte[] end = Arrays.copyOfRange(data, 2 * third, data.length);
            peer.sendStatus(peer.commands().lastDataIn(read, end, 2L * third, 2));
        }));
    }

    @Test
    @Spec("RFC 7143 11.4")
    void goodStatusWithoutAnyDataIsNoSuccess() throws Exception {
        fails(peer -> answer(peer, (read, data) -> peer.commands().good(read)));
    }

    @FunctionalInterface
    private interface Answer {

        void to(RawPdu read, byte[] data) throws IOException;
    }

    private static void answer(Peer peer, Answer answer) throws IOException {
        peer.login();
        RawPdu read = peer.serveUntil(Op::isRead);
        answer.to(read, peer.disk().bytes(0, LENGTH));
        peer.serveToEnd();
    }

    private static void readsRight(Script script) throws Exception {
        Conversation.of(script).run((initiator, disk) -> {
            assertThat(initiator.read(0, LENGTH)).isEqualTo(disk.bytes(0, LENGTH));
            assertThat(initiator.read(LENGTH, LENGTH)).isEqualTo(disk.bytes(LENGTH, LENGTH));
        });
    }

    /** The read has to fail; whether by itself or with the connection is the product's choice. */
    private static void fails(Script script) throws Exception {
        Conversation.of(script).run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }
}
