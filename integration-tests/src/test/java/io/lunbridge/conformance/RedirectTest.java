package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.ChapDialogue;
import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.TextKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that send the initiator elsewhere, over real sockets. */
class RedirectTest {

    private static final int TEMPORARILY = 1;
    private static final int PERMANENTLY = 2;

    @BeforeEach
    void onlyOurs() {
        assumeTrue(Contestant.current() == Contestant.LUNBRIDGE, "several portals are for ours only");
    }

    private static Script redirectingTo(Supplier<String> address) {
        return redirectingTo(TEMPORARILY, address);
    }

    private static Script redirectingTo(int detail, Supplier<String> address) {
        return peer -> {
            LoginDialogue login = LoginDialogue.on(peer);
            login.redirect(login.request(), detail, address.get());
            peer.expectEnd();
        };
    }

    private static void serving(Peer peer) throws IOException {
        peer.login();
        peer.serveToEnd();
    }

    private static String address(ScriptedTarget target) {
        return "127.0.0.1:" + target.port();
    }

    private static void open(ScriptedTarget home) throws Exception {
        open(home, UnaryOperator.identity());
    }

    private static void open(ScriptedTarget home, UnaryOperator<SessionConfig> change) throws Exception {
        try (Initiator initiator = Initiator.open(home, change)) {
            assertThat(initiator.read(0, 512)).hasSize(512);
        }
    }

    @ParameterizedTest
    @CsvSource({
        TEMPORARILY + ", 127.0.0.1:%d",
        PERMANENTLY + ", 127.0.0.1:%d",
        TEMPORARILY + ", '127.0.0.1:%d,1'",
        TEMPORARILY + ", localhost:%d",
        TEMPORARILY + ", '[::ffff:127.0.0.1]:%d'"
    })
    @Spec("RFC 7143 11.13.5")
    void theInitiatorGoesThereAndBeginsAtHomeNextTime(int detail, String address) throws Exception {
        try (ScriptedTarget member = ScriptedTarget.playing(RedirectTest::serving, RedirectTest::serving)) {
            Script redirecting = redirectingTo(detail, () -> String.format(address, member.port()));
            try (ScriptedTarget home = ScriptedTarget.playing(redirecting, redirecting)) {
                open(home);
                open(home);
                home.assertPlayed();
            }
            member.assertPlayed();
        }
    }

    @Test
    @Spec("RFC 7143 11.13.5")
    void anIpv6AddressInBrackets() throws Exception {
        List<Integer> accepted = new ArrayList<>();
        try (ServerSocket six = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
            Thread listener = new Thread(() -> {
                try {
                    six.accept().close();
                    accepted.add(six.getLocalPort());
                } catch (IOException e) {
                    accepted.add(-1);
                }
            });
            listener.start();
            Script redirecting = redirectingTo(() -> "[::1]:" + six.getLocalPort());
            try (ScriptedTarget home = ScriptedTarget.playing(redirecting, RedirectTest::serving)) {
                open(home);
                home.assertPlayed();
            }
            listener.join();
            assertThat(accepted).containsExactly(six.getLocalPort());
        }
    }

    @Test
    @Spec("RFC 7143 11.13.5")
    void aPortalThatIsDownLeadsHome() throws Exception {
        int closed = closedPort();
        Script redirecting = redirectingTo(() -> "127.0.0.1:" + closed);
        try (ScriptedTarget home = ScriptedTarget.playing(redirecting, RedirectTest::serving)) {
            open(home);
            home.assertPlayed();
        }
    }

    @Test
    @Spec("RFC 7143 11.13.5")
    void aPortalThatIsOutOfServiceLeadsHomeAndOnToAnother() throws Exception {
        Script unavailable = peer -> {
            LoginDialogue login = LoginDialogue.on(peer);
            login.refuse(login.request(), 3, 1);
            peer.expectEnd();
        };
        try (ScriptedTarget bad = ScriptedTarget.playing(unavailable);
                ScriptedTarget good = ScriptedTarget.playing(RedirectTest::serving);
                ScriptedTarget home =
                        ScriptedTarget.playing(redirectingTo(() -> address(bad)), redirectingTo(() -> address(good)))) {
            open(home);
            home.assertPlayed();
            bad.assertPlayed();
            good.assertPlayed();
        }
    }

    @Test
    @Spec("RFC 7143 11.13.5")
    void theSameUselessPortalTwiceIsTheEnd() throws Exception {
        int closed = closedPort();
        Script redirecting = redirectingTo(() -> "127.0.0.1:" + closed);
        try (ScriptedTarget home = ScriptedTarget.playing(redirecting, redirecting)) {
            assertThat(catchException(() -> open(home))).hasMessageContaining("127.0.0.1:" + closed);
            home.assertPlayed();
            assertThat(home.connectionCount()).isEqualTo(2);
        }
    }

    @Test
    @Spec("RFC 7143 11.13.5")
    void aCircleEnds() throws Exception {
        ScriptedTarget[] both = new ScriptedTarget[2];
        try (ScriptedTarget home = ScriptedTarget.playing(redirectingTo(() -> address(both[1])));
                ScriptedTarget member = ScriptedTarget.playing(redirectingTo(() -> address(both[0])))) {
            both[0] = home;
            both[1] = member;
            assertThat(catchException(() -> open(home))).hasMessageContaining("circle");
            home.assertPlayed();
            member.assertPlayed();
            assertThat(home.connectionCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "127.0.0.1:0", "127.0.0.1:65536", "[::1", "[]:3260", ":3260", "127.0.0.1:x,1", "h:1,70000"})
    @Spec("RFC 7143 13.8")
    void anAddressThatIsNone(String address) throws Exception {
        try (ScriptedTarget home = ScriptedTarget.playing(redirectingTo(() -> address))) {
            assertThat(catchException(() -> open(home))).hasMessageContaining("TargetAddress");
            home.assertPlayed();
        }
    }

    @Test
    @Spec("RFC 7143 11.13.5")
    void authenticationBeginsAnew() throws Exception {
        Script proving = peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            TextKeys answer = chap.challenge(7, 2, "0x101112131415161718191a1b1c1d1e1f");
            chap.letIn(ChapDialogue.proof(7, answer));
        };
        try (ScriptedTarget member = ScriptedTarget.playing(proving)) {
            Script inTheMiddle = peer -> {
                ChapDialogue chap = ChapDialogue.on(peer);
                var unused = chap.challenge(7, 1, ChapDialogue.CHALLENGE);
                chap.redirect(address(member));
            };
            try (ScriptedTarget home = ScriptedTarget.playing(inTheMiddle)) {
                open(home, ChapConfigs.mutual());
                home.assertPlayed();
            }
            member.assertPlayed();
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return once.getLocalPort();
        }
    }
}
