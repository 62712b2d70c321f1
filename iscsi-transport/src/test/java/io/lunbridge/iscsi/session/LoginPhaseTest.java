package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How an opening ends that does not end in a session: told once, the connection closed. */
class LoginPhaseTest {

    private static final SessionConfig CONFIG =
            SessionConfig.normal(new TargetAddress("192.0.2.1", 3260, 1), "iqn.2026-11.test:i", "iqn.2026-11.test:t");

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Object> outcomes = new ArrayList<>();

    @BeforeEach
    void connect() {
        channel.freezeTime();
        LoginPhase phase = new LoginPhase(LoginTrial.at(CONFIG.portal(), CONFIG), channel, new Outcomes());
        channel.pipeline().addLast(phase.connection());
        channel.pipeline().fireChannelActive();
        channel.runPendingTasks();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void refusalsAreSortedByWhatCanBeDone() {
        respond(0x0203, "");
        expectEnd(Kind.TARGET_NOT_FOUND);
    }

    @Test
    void wrongCredentials() {
        respond(0x0201, "");
        expectEnd(Kind.AUTHENTICATION);
    }

    @Test
    void aTargetThatCannotNow() {
        respond(0x0301, "");
        expectEnd(Kind.TARGET_UNAVAILABLE);
    }

    @Test
    void aRedirectionIsNoFailure() {
        respond(0x0101, "TargetAddress=[2001:db8::2]:3261\0");
        expectEnd(new TargetAddress("2001:db8::2", 3261, TargetAddress.NO_TAG));
    }

    @Test
    void aRedirectionToNowhereIsOne() {
        respond(0x0101, "");
        expectEnd(Kind.PROTOCOL);
    }

    @Test
    void aTargetThatSaysNothing() {
        channel.advanceTimeBy(14, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(outcomes).isEmpty();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        expectEnd(Kind.LOGIN_TIMEOUT);
    }

    @Test
    void aConnectionThatIsLost() {
        var unused = channel.close();
        expectEnd(Kind.CONNECTION_LOST);
    }

    @Test
    void otherPdusHaveNoBusinessHere() {
        ByteBuf pdu = channel.alloc().buffer(BasicHeader.LENGTH_BYTES).writeZero(BasicHeader.LENGTH_BYTES);
        new NopIn().wrapNew(pdu, 0);
        channel.writeInbound(pdu);
        expectEnd(Kind.CONNECTION_LOST);
    }

    @Test
    void somethingThatIsNoTargetAtAll() {
        channel.writeInbound(Unpooled.copiedBuffer(
                "HTTP/1.1 400 Bad Request\r\n\r\n" + "Who are you? ".repeat(30), StandardCharsets.US_ASCII));
        expectEnd(Kind.CONNECTION_LOST);
    }

    private void respond(int status, String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf pdu = channel.alloc().buffer();
        pdu.writeZero(BasicHeader.LENGTH_BYTES).writeBytes(data).writeZero(-data.length & 3);
        new LoginResponse().wrapNew(pdu, 0).dataSegmentLength(data.length).status(status);
        channel.writeInbound(pdu);
    }

    private void expectEnd(Object outcome) {
        channel.runPendingTasks();
        assertThat(outcomes).containsExactly(outcome);
        assertThat(channel.isOpen()).isFalse();
    }

    private final class Outcomes implements LoginPhase.Owner {

        @Override
        public void loggedIn(Session session) {
            outcomes.add(session);
        }

        @Override
        public void redirected(TargetAddress to, boolean permanent) {
            outcomes.add(to);
        }

        @Override
        public void refusedAsProposed(LoginParameters parameters) {
            outcomes.add(parameters);
        }

        @Override
        public void failed(SessionException cause) {
            outcomes.add(cause.kind());
        }
    }
}
