package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CmdSN, the command window, StatSN and task tags. */
class CommandNumberingTest {

    private static final Duration A_WHILE = Duration.ofMillis(400);
    private static final int BLOCK = 512;
    private static final long DISTANCE = 512;

    @Test
    @Spec(value = "RFC 7143 4.2.2.1", unh = "FFP 1.1")
    void cmdSnRisesByOneWithEachCommandFromLoginOn() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        Conversation.of(peer -> {
                    peer.login();
                    int first = peer.numbers().expCmdSn();
                    for (int i = 0; i < 8; i++) {
                        RawPdu command = peer.expect(Op.SCSI_COMMAND);
                        numbers.add(command.cmdSn() - first);
                        peer.commands().serve(command);
                    }
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.read(0, BLOCK));

        assertThat(numbers).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0x7ffffffa, 0xfffffffa, 0xffffffff})
    @Spec("RFC 7143 4.2.2.1")
    void cmdSnAndWindowWrapAround(int initialCmdSn) throws Exception {
        Conversation.of(CommandNumberingTest::serveAll)
                .configured(config -> Configs.startingAt(config, initialCmdSn))
                .run((initiator, disk) -> {
                    for (int block = 0; block < 20; block++) {
                        assertThat(initiator.read(block * DISTANCE, BLOCK))
                                .isEqualTo(disk.bytes(block * DISTANCE, BLOCK));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x7ffffffa, 0xfffffff5})
    @Spec(value = "RFC 7143 4.2.2.2", unh = "Login 4.1, 4.2")
    void statSnMayStartAnywhereAndWrapAround(int statSn) throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().startStatSnAt(statSn);
                    serveAll(peer);
                })
                .run((initiator, disk) -> {
                    for (int block = 0; block < 20; block++) {
                        initiator.read(block * DISTANCE, BLOCK);
                    }
                });
    }

    /** It is aborted, or ends with its connection; what is issued again is another command. */
    @Test
    @Spec(value = "RFC 7143 7.2.1", unh = "FFP 4.1")
    void aCommandWithoutAnswerIsNeverSentTwice() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu unanswered = peer.serveUntil(Op::isRead);
                    for (RawPdu pdu = peer.nextOrEnd(); pdu != null; pdu = peer.nextOrEnd()) {
                        if (pdu.opcode() == Op.SCSI_COMMAND) {
                            assertThat(pdu.initiatorTaskTag()).isNotEqualTo(unanswered.initiatorTaskTag());
                            assertThat(pdu.cmdSn()).isNotEqualTo(unanswered.cmdSn());
                        }
                        peer.commands().serve(pdu);
                    }
                })
                .configured(Configs::impatient)
                .run((initiator, disk) -> {
                    try {
                        assertThat(initiator.read(0, BLOCK)).isEqualTo(disk.bytes(0, BLOCK));
                    } catch (BlockException failed) {
                        assertThat(failed.error()).isEqualTo(BlockError.IO);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80000000, 1, -1})
    @Spec(value = "RFC 7143 7.9", unh = "FFP 5.1")
    void statSnThatIsOffEndsTheConnection(int difference) throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    RawReply answer = peer.commands().replyTo(write, Op.SCSI_RESPONSE);
                    peer.sendData(answer.statSn(peer.numbers().nextStatSn() + difference));
                    peer.expectEnd();
                })
                .run((initiator, disk) -> assertThatThrownBy(() -> initiator.write(0, new byte[BLOCK]))
                        .isInstanceOf(BlockException.class));
    }

    @Test
    @Spec(value = "RFC 7143 11.3", unh = "FFP 16.1.1, 16.1.2")
    void firstCommandAfterLogin() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu command = peer.expect(Op.SCSI_COMMAND);
                    assertThat(command.expStatSn()).isEqualTo(peer.numbers().nextStatSn());
                    assertThat(command.isFinal()).isTrue();
                    assertThat(command.dataSegmentLength()).isZero();
                    assertThat(command.additionalHeaders()).isEmpty();
                    assertThat(command.initiatorTaskTag()).isNotEqualTo(RawReply.RESERVED_TAG);
                    peer.commands().serve(command);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {});
    }

    @Test
    @Spec(value = "RFC 7143 4.2.2.1", unh = "FFP 3.1")
    void closedWindowHoldsCommandsUntilNopInOpensIt() throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().window(1);
                    peer.login();
                    RawPdu first = peer.serveUntil(Op::isRead);
                    peer.numbers().window(0);
                    peer.commands().read(first);
                    peer.assertQuiet(A_WHILE);
                    peer.numbers().window(3);
                    peer.sendUnacknowledged(idleNopIn());
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> readAtOnce(initiator, 4));
    }

    @Test
    @Spec(value = "RFC 7143 4.2.2.1", unh = "FFP 3.2")
    void largeWindowIsUsed() throws Exception {
        readsWithoutWaiting(16);
    }

    /** More than QEMU ever has under way for one NBD client. */
    @Test
    @Spec("RFC 7143 4.2.2.1")
    void largeWindowIsUsedByManyCommands() throws Exception {
        readsWithoutWaiting(60);
    }

    private static void readsWithoutWaiting(int commands) throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().window(100);
                    peer.login();
                    List<RawPdu> reads = new ArrayList<>(List.of(peer.serveUntil(Op::isRead)));
                    while (reads.size() < commands) {
                        reads.add(peer.expect(Op.SCSI_COMMAND));
                    }
                    assertDistinctTags(reads);
                    for (RawPdu read : reads) {
                        peer.commands().read(read);
                    }
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> readAtOnce(initiator, commands));
    }

    private static void assertDistinctTags(List<RawPdu> commands) {
        Set<Integer> tags = new HashSet<>();
        commands.forEach(command -> tags.add(command.initiatorTaskTag()));
        assertThat(tags).hasSameSizeAs(commands).doesNotContain(RawReply.RESERVED_TAG);
    }

    @Test
    @Spec(value = "RFC 7143 4.2.2.1", unh = "FFP 3.3")
    void windowOfOneAllowsOneCommandAtATime() throws Exception {
        Conversation.of(peer -> {
                    peer.numbers().window(1);
                    peer.login();
                    for (int i = 0; i < 3; i++) {
                        RawPdu read = peer.serveUntil(Op::isRead);
                        peer.assertQuiet(A_WHILE);
                        peer.commands().read(read);
                    }
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> readAtOnce(initiator, 3));
    }

    @Test
    @Spec(value = "RFC 7143 4.2.2.1", unh = "FFP 16.5")
    void windowClosedByScsiResponseIsOpenedByNopIn() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        Conversation.of(peer -> {
                    peer.numbers().window(1);
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    peer.numbers().window(0);
                    peer.commands().good(write);
                    answered.countDown();
                    peer.assertQuiet(A_WHILE);
                    peer.numbers().window(1);
                    peer.sendUnacknowledged(idleNopIn());
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.write(0, new byte[BLOCK]);
                    assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
                    initiator.write(0, new byte[BLOCK]);
                });
    }

    @Test
    @Spec("RFC 7143 4.2.2.1")
    void olderWindowFromLatePduDoesNotShrinkTheNewerOne() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    int exp = peer.numbers().expCmdSn();
                    peer.send(idleNopIn().statSn(peer.numbers().nextStatSn()).window(exp - 2, exp - 2));
                    peer.commands().read(read);
                    peer.send(idleNopIn().statSn(peer.numbers().nextStatSn()).window(exp, exp - 1));
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    initiator.read(0, BLOCK);
                    initiator.read(BLOCK, BLOCK);
                });
    }

    private static void serveAll(Peer peer) throws IOException {
        peer.login();
        peer.serveToEnd();
    }

    /** A NOP-In that asks for no answer: both tags are reserved. */
    private static RawReply idleNopIn() {
        return RawReply.of(Op.NOP_IN).initiatorTaskTag(RawReply.RESERVED_TAG).targetTransferTag(RawReply.RESERVED_TAG);
    }

    private static void readAtOnce(Initiator initiator, int commands) throws Exception {
        List<CompletableFuture<byte[]>> reads = new ArrayList<>();
        for (int block = 0; block < commands; block++) {
            reads.add(initiator.startRead(block * DISTANCE, BLOCK));
        }
        for (CompletableFuture<byte[]> read : reads) {
            Initiator.await(read);
        }
    }
}
