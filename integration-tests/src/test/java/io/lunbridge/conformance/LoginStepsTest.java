package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.TextKeys;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Logins of several requests, in which the target holds the transit back. */
class LoginStepsTest {

    private static final int RESERVED_STAGE = 2;

    @Test
    @Spec(value = "RFC 7143 11.12.9", unh = "Login 5.1")
    void expStatSnAcknowledgesEachLoginResponse() throws Exception {
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = heldBack(peer, login);
                    assertThat(request.expStatSn()).isEqualTo(peer.numbers().nextStatSn());
                    finish(peer, login, request);
                })
                .run((initiator, disk) -> {});
    }

    @Test
    @Spec(value = "RFC 7143 11.12.1", unh = "Login 3.1")
    void stagesRiseAndTheNextOneIsNamedWithTheTransitBitOnly() throws Exception {
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = heldBack(peer, login);
                    assertThat(LoginDialogue.currentStage(request)).isEqualTo(LoginDialogue.OPERATIONAL);
                    if (request.isFinal()) {
                        assertThat(LoginDialogue.nextStage(request)).isEqualTo(LoginDialogue.FULL_FEATURE);
                    } else {
                        assertThat(LoginDialogue.nextStage(request)).isZero();
                    }
                    finish(peer, login, request);
                })
                .run((initiator, disk) -> {});
    }

    @Test
    @Spec(value = "RFC 7143 6.2", unh = "Login 6.2")
    void keyThatWasSettledIsNotSettledAgain() throws Exception {
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = heldBack(peer, login);
                    byte[] again = TextKeys.of("ImmediateData", "No").encoded();
                    login.respond(request, LoginDialogue.OPERATIONAL << 2, again);
                    RawPdu next = peer.nextOrEnd();
                    if (next != null) {
                        assertThat(next.textKeys().value("ImmediateData")).isEqualTo("Reject");
                    }
                })
                .runToRefusal();
    }

    /** Answers the first request of the operational stage without the transit; returns the request that follows. */
    private static RawPdu heldBack(Peer peer, LoginDialogue login) throws IOException {
        RawPdu request = login.request();
        while (LoginDialogue.currentStage(request) != LoginDialogue.OPERATIONAL) {
            assertThat(LoginDialogue.currentStage(request)).isNotEqualTo(RESERVED_STAGE);
            login.respond(
                    request, request.flags(), peer.keys().answersTo(request).encoded());
            request = login.request();
        }
        login.respond(
                request,
                LoginDialogue.OPERATIONAL << 2,
                peer.keys().answersTo(request).encoded());
        return login.request();
    }

    private static void finish(Peer peer, LoginDialogue login, RawPdu held) throws IOException {
        RawPdu request = held;
        while (!request.isFinal()) {
            login.respond(request, LoginDialogue.OPERATIONAL << 2, new byte[0]);
            request = login.request();
        }
        login.respond(request, request.flags(), peer.keys().answersTo(request).encoded());
        peer.enterFullFeature();
        peer.serveToEnd();
    }
}
