package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.discovery.DiscoveryOutcome;
import io.lunbridge.iscsi.discovery.SendTargets;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.TextKeys;
import io.lunbridge.scripted.VirtualDisk;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery sessions: SendTargets, whole and in pieces. */
class DiscoveryTest {

    private static final int CONTINUE = 0x40;
    private static final byte[] TWO_TARGETS = ("TargetName=iqn.2026-11.example:a\0TargetAddress=10.0.0.1:3260,1\0"
                    + "TargetAddress=[2001:db8::1]:3261,2\0TargetName=iqn.2026-11.example:b\0"
                    + "TargetAddress=10.0.0.2:3260,1\0")
            .getBytes(StandardCharsets.UTF_8);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void shutDown() {
        boolean ended = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5000);
        assertThat(ended).isTrue();
    }

    @Test
    @Spec(value = "RFC 7143 11.10", unh = "FFP 18.1, Login 21.1")
    void asksByOneTextRequest() throws Exception {
        List<DiscoveredTarget> targets = discover(peer -> {
            peer.login();
            assertThat(peer.keys().result("SessionType")).isEqualTo("Discovery");
            assertThat(peer.keys().wasOffered("TargetName")).isFalse();
            assertThat(peer.keys().wasOffered("HeaderDigest")).isFalse();
            RawPdu request = peer.expect(Op.TEXT);
            assertThat(request.isFinal()).isTrue();
            assertThat(request.targetTransferTag()).isEqualTo(RawReply.RESERVED_TAG);
            assertThat(request.initiatorTaskTag()).isNotEqualTo(RawReply.RESERVED_TAG);
            assertThat(request.lun()).isZero();
            assertThat(request.textKeys().asMap()).containsExactly(Map.entry("SendTargets", "All"));
            peer.sendStatus(lastResponse(peer, request).data(TWO_TARGETS));
            peer.serveToEnd();
        });

        assertTwoTargets(targets);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 64})
    @Spec(value = "RFC 7143 11.11", unh = "FFP 18.2")
    void asksOnForAnAnswerInPieces(int piece) throws Exception {
        List<DiscoveredTarget> targets = discover(peer -> {
            peer.login();
            RawPdu request = peer.expect(Op.TEXT);
            int tag = request.initiatorTaskTag();
            for (int start = 0; start + piece < TWO_TARGETS.length; start += piece) {
                peer.sendStatus(peer.commands()
                        .replyTo(request, Op.TEXT_RESPONSE)
                        .flags(CONTINUE)
                        .lun(VirtualDisk.LUN_FIELD)
                        .targetTransferTag(0x7e57)
                        .data(Arrays.copyOfRange(TWO_TARGETS, start, start + piece)));
                request = peer.expect(Op.TEXT);
                assertThat(request.initiatorTaskTag()).isEqualTo(tag);
                assertThat(request.targetTransferTag()).isEqualTo(0x7e57);
                assertThat(request.lun()).isEqualTo(VirtualDisk.LUN_FIELD);
                assertThat(request.dataSegmentLength()).isZero();
            }
            int rest = (TWO_TARGETS.length - 1) / piece * piece;
            peer.sendStatus(
                    lastResponse(peer, request).data(Arrays.copyOfRange(TWO_TARGETS, rest, TWO_TARGETS.length)));
            peer.serveToEnd();
        });

        assertTwoTargets(targets);
    }

    @Test
    @Spec("RFC 7143 4.3")
    void noTargetsIsAnAnswerToo() throws Exception {
        assertThat(discover(peer -> answer(peer, new TextKeys()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "[2001:db8::1", "10.0.0.1:99999", "", "10.0.0.1:3260,x"})
    @Spec("RFC 7143 13.8")
    void addressThatIsNoneIsNoCrash(String address) {
        Exception failure = catchException(() -> discover(
                peer -> answer(peer, TextKeys.of("TargetName", "iqn.2026-11.example:a", "TargetAddress", address))));

        assertThat(failure)
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        some -> assertThat(some).isInstanceOf(IscsiException.class));
    }

    @Test
    @Spec(value = "RFC 7143 11.11.4", unh = "FFP 18.3.1")
    void finalAnswerWithATagIsNotUsed() {
        assertThat(refusal(peer -> {
                    peer.login();
                    RawPdu request = peer.expect(Op.TEXT);
                    peer.sendStatus(lastResponse(peer, request)
                            .targetTransferTag(0x7e57)
                            .data(TWO_TARGETS));
                    RawPdu logout = peer.expect(Op.LOGOUT);
                    assertThat(logout.flags()).isEqualTo(0x80);
                    assertThat(logout.initiatorTaskTag()).isNotEqualTo(request.initiatorTaskTag());
                    peer.commands().serve(logout);
                    assertThat(peer.nextOrEnd()).isNull();
                }))
                .isInstanceOf(IscsiException.class);
    }

    @Test
    @Spec(value = "RFC 7143 11.11.4", unh = "FFP 18.3.2")
    void answerThatGoesOnWithoutATagEndsTheConnection() {
        assertThat(refusal(peer -> {
                    peer.login();
                    RawPdu request = peer.expect(Op.TEXT);
                    peer.sendStatus(lastResponse(peer, request).flags(0).data(TWO_TARGETS));
                    peer.expectEnd();
                }))
                .isInstanceOf(IscsiException.class);
    }

    @Test
    @Spec(value = "RFC 7143 13.12", unh = "FFP 18.4")
    void answerThatNegotiatesIsNotUsed() {
        assertThat(refusal(peer ->
                        answer(peer, TextKeys.of("MaxRecvDataSegmentLength", "512", "TargetName", "iqn.2026-11.a:b"))))
                .isInstanceOf(IscsiException.class);
    }

    @Test
    @Spec(value = "RFC 7143 7.3", unh = "FFP 18.5")
    void rejectedRequestIsAFailureAndALogout() {
        assertThat(refusal(peer -> {
                    peer.login();
                    peer.sendStatus(peer.commands().rejectOf(peer.expect(Op.TEXT), 0x0b));
                    RawPdu logout = peer.expect(Op.LOGOUT);
                    peer.commands().serve(logout);
                    assertThat(peer.nextOrEnd()).isNull();
                }))
                .isInstanceOf(IscsiException.class);
    }

    private Exception refusal(Script script) {
        return catchException(() -> discover(script));
    }

    private static void answer(Peer peer, TextKeys targets) throws IOException {
        peer.login();
        RawPdu request = peer.expect(Op.TEXT);
        peer.sendStatus(lastResponse(peer, request).data(targets.encoded()));
        peer.serveToEnd();
    }

    private static RawReply lastResponse(Peer peer, RawPdu request) {
        return peer.commands().replyTo(request, Op.TEXT_RESPONSE).targetTransferTag(RawReply.RESERVED_TAG);
    }

    private static void assertTwoTargets(List<DiscoveredTarget> targets) {
        assertThat(targets)
                .extracting(DiscoveredTarget::name)
                .containsExactly("iqn.2026-11.example:a", "iqn.2026-11.example:b");
        assertThat(targets.get(0).portals()).extracting(TargetAddress::host).containsExactly("10.0.0.1", "2001:db8::1");
        assertThat(targets.get(0).portals()).extracting(TargetAddress::port).containsExactly(3260, 3261);
    }

    private List<DiscoveredTarget> discover(Script script) throws Exception {
        try (ScriptedTarget target = ScriptedTarget.playing(script)) {
            List<DiscoveredTarget> targets = Initiator.await(ask(target));
            target.assertPlayed();
            return targets;
        }
    }

    private CompletableFuture<List<DiscoveredTarget>> ask(ScriptedTarget target) throws Exception {
        CompletableFuture<List<DiscoveredTarget>> result = new CompletableFuture<>();
        SessionConfig config =
                SessionConfig.discovery(TargetAddress.parse("127.0.0.1:" + target.port()), Initiator.IQN);
        SendTargets.ask(new SessionConnector(group.next(), NioSocketChannel.class), config, new DiscoveryOutcome() {
            @Override
            public void found(List<DiscoveredTarget> targets) {
                result.complete(targets);
            }

            @Override
            public void failed(IscsiException cause) {
                result.completeExceptionally(cause);
            }
        });
        return result;
    }
}
