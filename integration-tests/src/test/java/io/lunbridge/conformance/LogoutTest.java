package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The end of a session. */
class LogoutTest {

    private static final int REASON_CLOSE_SESSION = 0x80;

    @Test
    @Spec(value = "RFC 7143 11.14", unh = "FFP 17.1")
    void nothingFollowsALogoutAndTheConnectionEndsAfterItsAnswer() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu logout = peer.serveUntil(pdu -> pdu.opcode() == Op.LOGOUT);
                    assertThat(logout.flags()).isEqualTo(REASON_CLOSE_SESSION);
                    assertThat(logout.initiatorTaskTag()).isNotEqualTo(RawReply.RESERVED_TAG);
                    assertThat(logout.dataSegmentLength()).isZero();
                    peer.assertQuiet(Duration.ofMillis(300));
                    peer.commands().serve(logout);
                    assertThat(peer.nextOrEnd()).isNull();
                })
                .run((initiator, disk) -> initiator.read(0, 512));
    }

    @Test
    @Spec("RFC 7143 11.15")
    void targetThatNeverAnswersALogoutIsLeft() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.serveUntil(pdu -> pdu.opcode() == Op.LOGOUT);
                    peer.expectEnd();
                })
                .run((initiator, disk) -> initiator.read(0, 512));
    }

    @Test
    @Spec(value = "RFC 7143 11.9.1", unh = "FFP 14.1, 20.1")
    void logsOutWhenTheTargetAsksForIt() throws Exception {
        CountDownLatch loggedOut = new CountDownLatch(1);
        Conversation.of(peer -> {
                    peer.login();
                    peer.commands().serve(peer.serveUntil(Op::isRead));
                    peer.sendStatus(RawReply.of(Op.ASYNC_MESSAGE)
                            .u32(16, RawReply.RESERVED_TAG)
                            .u8(36, 1)
                            .u16(42, 3));
                    RawPdu logout = peer.expect(Op.LOGOUT);
                    loggedOut.countDown();
                    peer.commands().serve(logout);
                    assertThat(peer.nextOrEnd()).isNull();
                })
                .run((initiator, disk) -> {
                    initiator.read(0, 512);
                    assertThat(loggedOut.await(5, TimeUnit.SECONDS)).isTrue();
                });
    }
}
