package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.VirtualDisk;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Commands that the target swallows: how they are given up, and that they are done all the same. */
class TaskManagementTest {

    private static final Duration A_WHILE = Duration.ofMillis(200);

    private static final int ABORT_TASK = 1;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int TARGET_WARM_RESET = 6;

    private static final int COMPLETE = 0;
    private static final int TASK_DOES_NOT_EXIST = 1;
    private static final int NOT_SUPPORTED = 5;

    private static final int REF_CMD_SN = 32;
    private static final int REFERENCED_TAG = 20;

    @Test
    @Spec(value = "RFC 7143 11.5", unh = "FFP 19.1, 19.2, 19.3, 2.2, 4.1")
    void abortsACommandThatIsSwallowedAndSendsItAnew() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    int nextCmdSn = peer.numbers().expCmdSn();
                    RawPdu abort = expect(peer, ABORT_TASK);
                    assertThat(abort.cmdSn()).isEqualTo(nextCmdSn);
                    assertThat(abort.lun()).isEqualTo(read.lun());
                    assertThat((int) abort.u32(REFERENCED_TAG)).isEqualTo(read.initiatorTaskTag());
                    assertThat((int) abort.u32(REF_CMD_SN)).isEqualTo(read.cmdSn());
                    assertThat(abort.initiatorTaskTag()).isNotIn(read.initiatorTaskTag(), RawReply.RESERVED_TAG);
                    peer.assertQuiet(A_WHILE);
                    answer(peer, abort, COMPLETE);
                    RawPdu again = peer.expect(Op.SCSI_COMMAND);
                    assertThat(again.cdb()).isEqualTo(read.cdb());
                    assertThat(again.cmdSn()).isEqualTo(nextCmdSn);
                    assertThat(again.initiatorTaskTag()).isNotEqualTo(read.initiatorTaskTag());
                    peer.commands().serve(again);
                    peer.serveToEnd();
                })
                .configured(Configs::givingUpSoon)
                .run(TaskManagementTest::readsRight);
    }

    @Test
    @Spec("RFC 7143 11.6.1")
    void commandThatIsAnsweredMeanwhileIsNotRepeated() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    RawPdu abort = expect(peer, ABORT_TASK);
                    peer.commands().read(read);
                    answer(peer, abort, TASK_DOES_NOT_EXIST);
                    assertThat(peer.next().opcode()).isEqualTo(Op.LOGOUT);
                })
                .configured(Configs::givingUpSoon)
                .run(TaskManagementTest::readsRight);
    }

    @Test
    @Spec(value = "RFC 7143 4.2.3.3", unh = "FFP 19.4.1, 19.4.2, 19.4.3")
    void repliesWhileTasksAreAbortedAndTakesTheirLateAnswersSilently() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    answer(peer, expect(peer, ABORT_TASK), NOT_SUPPORTED);
                    RawPdu reset = expect(peer, LOGICAL_UNIT_RESET);
                    byte[] part = peer.disk().bytes(VirtualDisk.offsetOf(read), 512);
                    peer.sendData(peer.commands().dataIn(read, part, 0, 0).flags(0x40));
                    peer.sendUnacknowledged(RawReply.of(Op.NOP_IN)
                            .initiatorTaskTag(RawReply.RESERVED_TAG)
                            .targetTransferTag(0x1234)
                            .lun(VirtualDisk.LUN_FIELD));
                    RawPdu pong = peer.expect(Op.NOP_OUT);
                    assertThat(pong.targetTransferTag()).isEqualTo(0x1234);
                    assertThat(pong.lun()).isEqualTo(VirtualDisk.LUN_FIELD);
                    answer(peer, reset, COMPLETE);
                    RawPdu again = peer.serveUntil(Op::isRead);
                    peer.commands().good(read);
                    peer.commands().read(again);
                    assertThat(peer.next().opcode()).isEqualTo(Op.LOGOUT);
                })
                .configured(Configs::givingUpSoon)
                .run((initiator, disk) -> assertThat(initiator.read(0, 1024)).isEqualTo(disk.bytes(0, 1024)));
    }

    @Test
    @Spec(value = "RFC 7143 11.5.1", unh = "FFP 19.1, 2.2")
    void resetsTheUnitWhereAnAbortIsRefusedAndSurvivesTheUnitAttention() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu read = peer.serveUntil(Op::isRead);
                    answer(peer, expect(peer, ABORT_TASK), NOT_SUPPORTED);
                    RawPdu reset = expect(peer, LOGICAL_UNIT_RESET);
                    assertThat(reset.lun()).isEqualTo(read.lun());
                    assertThat((int) reset.u32(REFERENCED_TAG)).isEqualTo(RawReply.RESERVED_TAG);
                    assertThat(reset.u32(REF_CMD_SN)).isZero();
                    answer(peer, reset, COMPLETE);
                    peer.commands().fail(peer.expect(Op.SCSI_COMMAND), 0x06, 0x29, 0x03);
                    peer.serveToEnd();
                })
                .configured(Configs::givingUpSoon)
                .run(TaskManagementTest::readsRight);
    }

    @Test
    @Spec("RFC 7143 11.5.1")
    void resetsTheTargetWhereThatIsRefusedToo() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    peer.serveUntil(Op::isRead);
                    answer(peer, expect(peer, ABORT_TASK), NOT_SUPPORTED);
                    answer(peer, expect(peer, LOGICAL_UNIT_RESET), NOT_SUPPORTED);
                    RawPdu reset = expect(peer, TARGET_WARM_RESET);
                    assertThat(reset.lun()).isZero();
                    assertThat((int) reset.u32(REFERENCED_TAG)).isEqualTo(RawReply.RESERVED_TAG);
                    answer(peer, reset, COMPLETE);
                    peer.commands().fail(peer.expect(Op.SCSI_COMMAND), 0x06, 0x29, 0x00);
                    peer.serveToEnd();
                })
                .configured(Configs::givingUpSoon)
                .run(TaskManagementTest::readsRight);
    }

    @Test
    @Spec(value = "RFC 7143 7.2.2", unh = "FFP 7.1, 19.5")
    void restartsTheSessionWhereNothingHelpsAndDoesTheCommandThere() throws Exception {
        Conversation.of(
                        peer -> {
                            peer.login();
                            peer.serveUntil(Op::isRead);
                            answer(peer, expect(peer, ABORT_TASK), NOT_SUPPORTED);
                            answer(peer, expect(peer, LOGICAL_UNIT_RESET), NOT_SUPPORTED);
                            answer(peer, expect(peer, TARGET_WARM_RESET), NOT_SUPPORTED);
                            peer.expectEnd();
                        },
                        peer -> {
                            peer.login();
                            peer.serveToEnd();
                        })
                .configured(Configs::givingUpSoon)
                .run(TaskManagementTest::readsRight);
    }

    @Test
    @Spec("RFC 7143 4.2.3.3")
    void withFastAbortDataOfAnAbortedTaskIsNotSent() throws Exception {
        Conversation.of(peer -> {
                    writeWithoutData(peer);
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    RawPdu abort = expect(peer, ABORT_TASK);
                    sendR2t(peer, write);
                    peer.assertQuiet(A_WHILE);
                    answer(peer, abort, COMPLETE);
                    peer.serveToEnd();
                })
                .configured(Configs::givingUpSoon)
                .run(TaskManagementTest::writesRight);
    }

    @Test
    @Spec("RFC 7143 4.2.3.3")
    void withoutFastAbortAValidR2tIsAnswered() throws Exception {
        Conversation.of(peer -> {
                    writeWithoutData(peer);
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    RawPdu abort = expect(peer, ABORT_TASK);
                    peer.commands().solicit(write, 0, 0, 1024);
                    answer(peer, abort, COMPLETE);
                    peer.serveToEnd();
                })
                .configured(TaskManagementTest::answeringR2ts)
                .run(TaskManagementTest::writesRight);
    }

    private static SessionConfig answeringR2ts(SessionConfig config) {
        Timeouts soon = Configs.givingUpSoon(config).timeouts();
        return config.withTimeouts(soon.withLadder(soon.ladder().withFastAbort(false)));
    }

    private static void writeWithoutData(Peer peer) throws IOException {
        peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
        peer.login();
    }

    private static void sendR2t(Peer peer, RawPdu write) throws IOException {
        peer.sendUnacknowledged(
                peer.commands().r2t(write, 0x77, 0).bufferOffset(0).lastWord(1024));
    }

    private static RawPdu expect(Peer peer, int function) throws IOException {
        RawPdu request = peer.expect(Op.TASK_MANAGEMENT);
        assertThat(request.flags()).isEqualTo(0x80 | function);
        assertThat(request.isImmediate()).isTrue();
        assertThat(request.dataSegmentLength()).isZero();
        assertThat(request.additionalHeaders()).isEmpty();
        return request;
    }

    private static void answer(Peer peer, RawPdu request, int response) throws IOException {
        peer.sendStatus(
                peer.commands().replyTo(request, Op.TASK_MANAGEMENT_RESPONSE).u8(2, response));
    }

    private static void readsRight(Initiator initiator, VirtualDisk disk) throws Exception {
        assertThat(initiator.read(0, 512)).isEqualTo(disk.bytes(0, 512));
    }

    private static void writesRight(Initiator initiator, VirtualDisk disk) throws Exception {
        byte[] data = new byte[1024];
        data[0] = 1;
        data[1023] = 2;
        initiator.write(4096, data);
        assertThat(disk.bytes(4096, 1024)).isEqualTo(data);
    }
}
