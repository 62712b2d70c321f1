package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.conformance.Configs;
import io.lunbridge.conformance.Conversation;
import io.lunbridge.conformance.Failures;
import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A target that stays connected and says nothing, or not what matters. The time-outs are set to a second or two. */
@Tag("once")
class SilentTargetTest {

    @Test
    void atLogin() throws Exception {
        Exception refusal = refusal(peer -> {
            LoginDialogue.on(peer).request();
            peer.expectEnd();
        });

        assertThat(refusal.getMessage()).isNotBlank();
    }

    @Test
    void withinALoginResponse() throws Exception {
        Exception refusal = refusal(peer -> {
            LoginDialogue.on(peer).request();
            peer.sendBytes(new byte[] {Op.LOGIN_RESPONSE, 0, 0, 0, 0, 0, 4});
            peer.expectEnd();
        });

        assertThat(refusal.getMessage()).isNotBlank();
    }

    @Test
    void loginThatGoesRoundInCirclesIsGivenUp() throws Exception {
        Exception refusal = refusal(peer -> {
            RawPdu request;
            while ((request = peer.nextOrEnd()) != null) {
                LoginDialogue.on(peer).respond(request, request.flags() & 0x0c, new byte[0]);
            }
        });

        assertThat(refusal.getMessage()).isNotBlank();
    }

    @Test
    void loginThatIsContinuedForEverIsGivenUp() throws Exception {
        Exception refusal = refusal(peer -> {
            RawPdu request;
            byte[] text = new byte[4096];
            Arrays.fill(text, (byte) 'x');
            while ((request = peer.nextOrEnd()) != null) {
                LoginDialogue.on(peer).respond(request, LoginDialogue.CONTINUE | (request.flags() & 0x0c), text);
            }
        });

        assertThat(refusal.getMessage()).isNotBlank();
    }

    @Test
    void afterLogin() throws Exception {
        assertThat(refusal(peer -> {
                    peer.login();
                    peer.expectEnd();
                }))
                .hasMessageNotContaining("null");
    }

    @Test
    void withCommandsInFlight() throws Exception {
        readFails(peer -> {
            peer.login();
            peer.serveUntil(Op::isRead);
            peer.expectEnd();
        });
    }

    @Test
    void targetThatAnswersPingsButNotTheCommandIsGivenUp() throws Exception {
        readFails(peer -> {
            peer.login();
            peer.serveUntil(Op::isRead);
            answerPingsToTheEnd(peer);
        });
    }

    @Test
    void targetThatNeverOpensTheWindowIsGivenUp() throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().window(1);
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    peer.numbers().window(0);
                    peer.commands().read(read);
                    answerPingsToTheEnd(peer);
                })
                .configured(Configs::impatient)
                .run((initiator, disk) -> {
                    initiator.read(0, 512);
                    Failures.assertFails(initiator.startRead(0, 512));
                });
    }

    private static void answerPingsToTheEnd(Peer peer) throws IOException {
        RawPdu pdu;
        while ((pdu = peer.nextOrEnd()) != null) {
            assertThat(pdu.opcode()).isIn(Op.NOP_OUT, Op.TASK_MANAGEMENT);
            if (pdu.opcode() == Op.NOP_OUT) {
                peer.commands().serve(pdu);
            }
        }
    }

    private static Exception refusal(Script script) throws Exception {
        return Conversation.of(script).configured(Configs::impatient).runToRefusal();
    }

    private static void readFails(Script script) throws Exception {
        Conversation.of(script)
                .configured(Configs::impatient)
                .run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, 512)));
    }
}
