package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.Scsi;
import java.io.IOException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a status other than GOOD leads to: another command, or an error that says what it was. Never success. */
class ScsiStatusTest {

    private static final int LENGTH = 4096;

    @ParameterizedTest
    @CsvSource({"8", "40", "64"})
    @Spec(value = "RFC 7143 11.4.2", unh = "FFP 16.4.5")
    void busyTaskSetFullAndTaskAbortedAreTriedAgain(int status) throws Exception {
        repeatsAfter((peer, read) -> peer.commands().status(read, status));
    }

    @ParameterizedTest
    @CsvSource({
        "6, 0x29, 0x00",
        "6, 0x3f, 0x0e",
        "6, 0x2a, 0x01",
        "11, 0x47, 0x05",
        "11, 0x0c, 0x0c",
        "11, 0x0c, 0x0d",
        "2, 0x04, 0x01"
    })
    @Spec(value = "RFC 7143 11.4.7.2", unh = "FFP 16.4.1, 16.4.3, 16.4.4")
    void passingSenseIsTriedAgain(int key, String code, String qualifier) throws Exception {
        repeatsAfter((peer, read) -> peer.commands().fail(read, key, Integer.decode(code), Integer.decode(qualifier)));
    }

    @Test
    @Spec("RFC 7143 11.4.7")
    void senseInDescriptorFormatIsUnderstood() throws Exception {
        repeatsAfter((peer, read) -> peer.sendStatus(peer.commands()
                .replyTo(read, Op.SCSI_RESPONSE)
                .u8(3, Scsi.CHECK_CONDITION)
                .data(Scsi.descriptorSense(Scsi.UNIT_ATTENTION, 0x29, 0x00))));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0x11, 0x00, IO",
        "4, 0x44, 0x00, IO",
        "5, 0x21, 0x00, NO_SPACE",
        "7, 0x27, 0x00, NOT_PERMITTED",
        "7, 0x27, 0x07, NO_SPACE"
    })
    @Spec("RFC 7143 11.4.7.2")
    void lastingSenseFailsWithItsError(int key, String code, String qualifier, BlockError error) throws Exception {
        Script script = peer -> answerFirst(peer, Op::isWrite, write -> {
            peer.commands().writeData(write);
            peer.commands().fail(write, key, Integer.decode(code), Integer.decode(qualifier));
        });
        Conversation.of(script)
                .run((initiator, disk) -> assertThat(Failures.assertFails(initiator.startWrite(0, new byte[LENGTH])))
                        .isEqualTo(error));
    }

    @Test
    @Spec(value = "RFC 7143 11.4.2", unh = "FFP 16.4.6")
    void reservationConflictFails() throws Exception {
        Script script =
                peer -> answerFirst(peer, Op::isRead, read -> peer.commands().status(read, Scsi.RESERVATION_CONFLICT));
        Conversation.of(script).run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }

    @Test
    @Spec("RFC 7143 11.4.3")
    void targetFailureInTheResponseFieldIsNoSuccess() throws Exception {
        Script script = peer -> answerFirst(
                peer,
                Op::isRead,
                read -> peer.sendStatus(
                        peer.commands().replyTo(read, Op.SCSI_RESPONSE).u8(2, 1)));
        Conversation.of(script).run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }

    @Test
    @Spec("RFC 7143 11.17")
    void rejectedCommandFails() throws Exception {
        Script script = peer -> answerFirst(
                peer, Op::isRead, read -> peer.sendStatus(peer.commands().rejectOf(read, 0x05)));
        Conversation.of(script).run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }

    @FunctionalInterface
    private interface Refusal {

        void of(Peer peer, RawPdu command) throws IOException;
    }

    @FunctionalInterface
    private interface Answer {

        void to(RawPdu command) throws IOException;
    }

    private static void repeatsAfter(Refusal refusal) throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu first = peer.serveUntil(Op::isRead);
                    refusal.of(peer, first);
                    RawPdu second = peer.serveUntil(Op::isRead);
                    assertThat(second.cmdSn()).isGreaterThan(first.cmdSn());
                    assertThat(second.cdb()).isEqualTo(first.cdb());
                    peer.commands().read(second);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> assertThat(initiator.read(0, LENGTH)).isEqualTo(disk.bytes(0, LENGTH)));
    }

    private static void answerFirst(Peer peer, Predicate<RawPdu> command, Answer answer) throws IOException {
        peer.login();
        answer.to(peer.serveUntil(command));
        peer.serveToEnd();
    }
}
