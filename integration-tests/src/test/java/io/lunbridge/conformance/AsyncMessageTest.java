package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.VirtualDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the target tells without being asked. */
class AsyncMessageTest {

    private static final Duration A_WHILE = Duration.ofMillis(200);
    private static final int CID = 20;

    private final CountDownLatch told = new CountDownLatch(1);

    @Test
    @Spec(value = "RFC 7143 11.9.1", unh = "FFP 14.1, 14.2, 20.1")
    void logoutRequestLetsCommandsFinishTakesNoNewOnesAndASecondSessionGoesOn() throws Exception {
        Conversation.of(
                        peer -> {
                            peer.login();
                            RawPdu read = peer.serveUntil(Op::isRead);
                            tell(peer, 1, 0, 2);
                            awaitReceipt(peer);
                            told.countDown();
                            peer.assertQuiet(A_WHILE);
                            peer.commands().read(read);
                            RawPdu logout = peer.expect(Op.LOGOUT);
                            assertThat(logout.flags()).isEqualTo(0x80);
                            assertThat(logout.isImmediate()).isTrue();
                            assertThat(logout.u16(CID)).isZero();
                            assertThat(logout.expStatSn())
                                    .isEqualTo(peer.numbers().nextStatSn());
                            assertThat(logout.dataSegmentLength()).isZero();
                            assertThat(logout.additionalHeaders()).isEmpty();
                            peer.commands().serve(logout);
                            assertThat(peer.nextOrEnd()).isNull();
                        },
                        peer -> {
                            peer.login();
                            peer.serveToEnd();
                        })
                .run((initiator, disk) -> {
                    CompletableFuture<byte[]> inFlight = initiator.startRead(0, 512);
                    awaitTold();
                    CompletableFuture<byte[]> late = initiator.startRead(512, 512);
                    assertThat(Initiator.await(inFlight)).isEqualTo(disk.bytes(0, 512));
                    assertThat(Initiator.await(late)).isEqualTo(disk.bytes(512, 512));
                });
    }

    @Test
    @Spec(value = "RFC 7143 11.9.1", unh = "FFP 20.1")
    void logoutComesInTimeThoughACommandIsNotAnswered() throws Exception {
        Conversation.of(
                        peer -> {
                            peer.login();
                            peer.serveUntil(Op::isRead);
                            tell(peer, 1, 0, 1);
                            long start = System.nanoTime();
                            RawPdu logout = peer.expect(Op.LOGOUT);
                            assertThat(Duration.ofNanos(System.nanoTime() - start))
                                    .isLessThan(Duration.ofSeconds(1));
                            peer.commands().serve(logout);
                            assertThat(peer.nextOrEnd()).isNull();
                        },
                        peer -> {
                            peer.login();
                            peer.serveToEnd();
                        })
                .run((initiator, disk) -> assertThat(initiator.read(0, 512)).isEqualTo(disk.bytes(0, 512)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    @Spec(value = "RFC 7143 11.9.1", unh = "FFP 20.2, 20.3")
    void reconnectsAfterTheTimeThatTheTargetWants(int event) throws Exception {
        AtomicLong toldNanos = new AtomicLong();
        Conversation.of(
                        peer -> {
                            peer.login();
                            peer.serveUntil(Op::isRead);
                            toldNanos.set(System.nanoTime());
                            tell(peer, event, 1, 2);
                            peer.expectEnd();
                        },
                        peer -> {
                            long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - toldNanos.get());
                            assertThat(waitedMillis).isBetween(1000L, 3000L);
                            peer.login();
                            peer.serveToEnd();
                        })
                .run((initiator, disk) -> assertThat(initiator.read(0, 512)).isEqualTo(disk.bytes(0, 512)));
    }

    @Test
    @Spec(value = "RFC 7143 11.9.1", unh = "FFP 20.4")
    void negotiatesWhenTheTargetAsksForIt() throws Exception {
        Conversation.of(peer -> {
                    peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
                    peer.login();
                    peer.commands().serve(peer.serveUntil(Op::isRead));
                    tell(peer, 4, 0, 3);
                    RawPdu text = peer.expect(Op.TEXT);
                    assertThat(text.isFinal()).isTrue();
                    assertThat(text.targetTransferTag()).isEqualTo(RawReply.RESERVED_TAG);
                    String declared = peer.keys().result("MaxRecvDataSegmentLength");
                    assertThat(text.textKeys().asMap())
                            .containsExactly(Map.entry("MaxRecvDataSegmentLength", declared));
                    peer.sendStatus(peer.commands()
                            .replyTo(text, Op.TEXT_RESPONSE)
                            .targetTransferTag(RawReply.RESERVED_TAG)
                            .data("MaxRecvDataSegmentLength=512\0".getBytes(StandardCharsets.UTF_8)));
                    peer.keys().want("MaxRecvDataSegmentLength", "512");
                    told.countDown();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    peer.commands().write(write);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.read(0, 512);
                    awaitTold();
                    byte[] data = new byte[4096];
                    data[4095] = 7;
                    initiator.write(0, data);
                    assertThat(disk.bytes(0, 4096)).isEqualTo(data);
                });
    }

    @Test
    @Spec(value = "RFC 7143 7.12", unh = "FFP 18.5")
    void negotiationThatIsResetBeginsAgainOnTheSameConnection() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.commands().serve(peer.serveUntil(Op::isRead));
                    tell(peer, 4, 0, 3);
                    RawPdu text = peer.expect(Op.TEXT);
                    peer.sendStatus(peer.commands().rejectOf(text, 0x0b));
                    RawPdu again = peer.expect(Op.TEXT);
                    assertThat(again.initiatorTaskTag()).isNotEqualTo(text.initiatorTaskTag());
                    peer.sendStatus(
                            peer.commands().replyTo(again, Op.TEXT_RESPONSE).targetTransferTag(RawReply.RESERVED_TAG));
                    told.countDown();
                    peer.serveToEnd();
                })
                .run(this::readsAgain);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 6, 247, 248, 255})
    @Spec("RFC 7143 11.9.1")
    void whatMeansNothingToUsDoesNoHarm(int event) throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.commands().serve(peer.serveUntil(Op::isRead));
                    peer.sendStatus(
                            message(event, 7, 7).lun(0xffff_ffff_ffff_ffffL).data(new byte[] {1, 0, 0x70}));
                    peer.sendStatus(message(event, 0, 0).data(new byte[] {0}));
                    peer.sendStatus(message(event, 0xffff, 0xffff).u8(37, 0xff));
                    told.countDown();
                    peer.serveToEnd();
                })
                .run(this::readsAgain);
    }

    private void readsAgain(Initiator initiator, VirtualDisk disk) throws Exception {
        initiator.read(0, 512);
        awaitTold();
        assertThat(initiator.read(512, 512)).isEqualTo(disk.bytes(512, 512));
    }

    private void awaitTold() throws InterruptedException {
        assertThat(told.await(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static void tell(Peer peer, int event, int parameter2, int parameter3) throws IOException {
        peer.sendStatus(message(event, parameter2, parameter3));
    }

    /** What comes after the answer to a ping was sent by an initiator that knows all that was told before the ping. */
    private static void awaitReceipt(Peer peer) throws IOException {
        peer.sendUnacknowledged(
                RawReply.of(Op.NOP_IN).initiatorTaskTag(RawReply.RESERVED_TAG).targetTransferTag(0x1234));
        peer.expect(Op.NOP_OUT);
    }

    private static RawReply message(int event, int parameter2, int parameter3) {
        return RawReply.of(Op.ASYNC_MESSAGE)
                .u32(16, RawReply.RESERVED_TAG)
                .u8(36, event)
                .u16(40, parameter2)
                .u16(42, parameter3);
    }
}
