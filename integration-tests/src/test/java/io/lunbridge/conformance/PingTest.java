package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.VirtualDisk;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** NOP-In and NOP-Out, both ways. */
class PingTest {

    private static final Duration A_WHILE = Duration.ofMillis(300);

    private final CountDownLatch through = new CountDownLatch(1);

    @Test
    @Spec(value = "RFC 7143 11.18", unh = "FFP 15.1, 2.1")
    void answersThePingOfTheTarget() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.commands().serve(peer.serveUntil(Op::isRead));
                    int nextCmdSn = peer.numbers().expCmdSn();
                    peer.sendUnacknowledged(RawReply.of(Op.NOP_IN)
                            .initiatorTaskTag(RawReply.RESERVED_TAG)
                            .targetTransferTag(0x5eed)
                            .lun(VirtualDisk.LUN_FIELD)
                            .data(new byte[] {1, 2, 3}));
                    RawPdu answer = peer.expect(Op.NOP_OUT);
                    assertThat(answer.isImmediate()).isTrue();
                    assertThat(answer.isFinal()).isTrue();
                    assertThat(answer.targetTransferTag()).isEqualTo(0x5eed);
                    assertThat(answer.initiatorTaskTag()).isEqualTo(RawReply.RESERVED_TAG);
                    assertThat(answer.lun()).isEqualTo(VirtualDisk.LUN_FIELD);
                    assertThat(answer.dataSegmentLength()).isZero();
                    assertThat(answer.cmdSn()).isEqualTo(nextCmdSn);
                    assertThat(peer.numbers().expCmdSn()).isEqualTo(nextCmdSn);
                    through.countDown();
                    peer.serveToEnd();
                })
                .run(this::readTwice);
    }

    @Test
    @Spec("RFC 7143 11.19")
    void nopInWithoutTagsIsNotAnswered() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.commands().serve(peer.serveUntil(Op::isRead));
                    peer.sendUnacknowledged(RawReply.of(Op.NOP_IN)
                            .initiatorTaskTag(RawReply.RESERVED_TAG)
                            .targetTransferTag(RawReply.RESERVED_TAG));
                    peer.assertQuiet(A_WHILE);
                    through.countDown();
                    peer.serveToEnd();
                })
                .run(this::readTwice);
    }

    private void readTwice(Initiator initiator, VirtualDisk disk) throws Exception {
        initiator.read(0, 512);
        assertThat(through.await(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(initiator.read(512, 512)).isEqualTo(disk.bytes(512, 512));
    }

    @Test
    @Spec(value = "RFC 7143 11.18", unh = "FFP 15.2, 2.1")
    void pingsASilentTarget() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu ping = peer.serveUntil(pdu -> pdu.opcode() == Op.NOP_OUT);
                    assertThat(ping.isImmediate()).isTrue();
                    assertThat(ping.isFinal()).isTrue();
                    assertThat(ping.targetTransferTag()).isEqualTo(RawReply.RESERVED_TAG);
                    assertThat(ping.initiatorTaskTag()).isNotEqualTo(RawReply.RESERVED_TAG);
                    assertThat(ping.lun()).isZero();
                    peer.commands().serve(ping);
                    through.countDown();
                    peer.serveToEnd();
                })
                .configured(config -> config.withTimeouts(Configs.pingingAfterASecond()))
                .run(this::readTwice);
    }

    @Test
    @Spec("RFC 7143 11.18")
    void targetThatAnswersNoPingIsGivenUp() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.serveUntil(Op::isRead);
                    peer.expect(Op.NOP_OUT);
                    peer.expectEnd();
                })
                .configured(config -> config.withTimeouts(Configs.pingingAfterASecond()))
                .run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, 512)));
    }

    @Test
    @Spec("RFC 7143 4.2.2.1")
    void pingsThroughAClosedWindow() throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().window(1);
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    peer.numbers().window(0);
                    peer.commands().read(read);
                    RawPdu ping = peer.expect(Op.NOP_OUT);
                    peer.numbers().window(2);
                    peer.commands().serve(ping);
                    through.countDown();
                    peer.serveToEnd();
                })
                .configured(config -> config.withTimeouts(Configs.pingingAfterASecond()))
                .run(this::readTwice);
    }
}
