package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.AsyncEvent;
import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Reject means for each kind of PDU that it brings back. */
class RejectsTest {

    private final TestTarget target = new TestTarget(Timeouts.DEFAULT);

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void aRejectedCommandThatWasCountedFailsAlone() {
        TestTask first = target.submit(1);
        TestTask second = target.submit(1);
        TestTarget.Sent command = target.sent().get(0);
        target.expCmdSn = TestTarget.FIRST_CMD_SN + 2;
        reject(command, RejectReason.COMMAND_NOT_SUPPORTED);
        assertRejected(first);
        assertThat(second.isDone()).isFalse();
        assertThat(target.sent()).isEmpty();
        assertThat(target.end).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {TaskManagementResponse.FUNCTION_COMPLETE, TaskManagementResponse.TASK_DOES_NOT_EXIST})
    void aRejectedCommandThatWasNotCountedIsAbortedToFillTheGap(int response) {
        TestTask task = target.submit(1);
        reject(target.sentOne(), RejectReason.COMMAND_NOT_SUPPORTED);
        TaskManagementRequest abort = target.sentOne().as(new TaskManagementRequest());
        assertThat(abort.function()).isEqualTo(TaskFunction.ABORT_TASK);
        assertThat(abort.refCmdSn()).isEqualTo(TestTarget.FIRST_CMD_SN);
        assertThat(task.isDone()).isFalse();
        target.status(new TaskManagementResponse(), abort.initiatorTaskTag(), header -> header.response(response));
        assertRejected(task);
        target.submit(1);
        assertThat(target.sentOne().as(new ScsiCommand()).cmdSn()).isEqualTo(TestTarget.FIRST_CMD_SN + 1);
    }

    @Test
    void rejectedDataIsTheBusinessOfTheCommandsStatus() {
        TestTask task = target.write(1);
        target.readyToTransfer(task, 0);
        List<TestTarget.Sent> sent = target.sent();
        assertThat(sent.get(1).as(new DataOut()).initiatorTaskTag()).isEqualTo(task.initiatorTaskTag());
        reject(sent.get(1), RejectReason.DATA_DIGEST_ERROR);
        assertThat(task.isDone()).isFalse();
        assertThat(target.end).isNull();
    }

    @Test
    void aRejectedPingIsALifeSign() {
        target.passSeconds(5);
        TestTarget.Sent ping = target.sentOne();
        reject(ping, RejectReason.IMMEDIATE_COMMAND_REJECT);
        target.passSeconds(6);
        assertThat(target.sentOne().as(new NopOut()).initiatorTaskTag())
                .isNotEqualTo(ping.as(new NopOut()).initiatorTaskTag());
    }

    @Test
    void aRejectedAnswerToThePingOfTheTargetIsSentAgain() {
        target.add(new NopIn(), header -> header.lun(0x11L).targetTransferTag(0x22))
                .deliver();
        reject(target.sentOne(), RejectReason.IMMEDIATE_COMMAND_REJECT);
        NopOut again = target.sentOne().as(new NopOut());
        assertThat(again.lun()).isEqualTo(0x11L);
        assertThat(again.targetTransferTag()).isEqualTo(0x22);
    }

    @Test
    void aRejectedTextFailsAloneAndTheNextOneMayCome() {
        List<IscsiException> failures = new ArrayList<>();
        text(failures);
        reject(target.sentOne(), RejectReason.PROTOCOL_ERROR);
        assertThat(failures).singleElement().isInstanceOf(TaskException.class);
        text(failures);
        assertThat(target.sent()).hasSize(1);
        assertThat(target.end).isNull();
    }

    @Test
    void aRejectedLogoutEndsTheSessionAllTheSame() {
        target.session.close(() -> {});
        reject(target.sentOne(), RejectReason.PROTOCOL_ERROR);
        assertThat(target.end).isInstanceOf(SessionException.class);
    }

    @Test
    void aTargetThatWaitsForALogoutGetsIt() {
        TestTask task = target.submit(1);
        TestTarget.Sent command = target.sentOne();
        target.add(
                        new AsyncMessage(),
                        header -> header.event(AsyncEvent.LOGOUT_REQUEST).parameter3(100))
                .deliver();
        target.statSn++;
        assertThat(target.sent()).isEmpty();
        reject(command, RejectReason.WAITING_FOR_LOGOUT);
        target.passSeconds(1);
        assertThat(target.sentOne().header().getByte(0) & 0x3f).isEqualTo(0x06);
        target.passSeconds(2);
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
    }

    @ParameterizedTest
    @EnumSource(RejectReason.class)
    void oneThatBringsNothingBackEndsTheConnection(RejectReason reason) {
        target.add(new Reject(), header -> header.reason(reason)).deliver();
        if (reason != RejectReason.WAITING_FOR_LOGOUT) {
            assertThat(target.isDropped()).isTrue();
        }
    }

    /** Opcodes that are the target's, unassigned, or never sent by us in this phase; and one that is not the task's. */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x02, 0x03, 0x04, 0x06, 0x07, 0x10, 0x1f, 0x21, 0x3f})
    void oneThatCannotBeMatchedEndsTheConnection(int opcode) {
        TestTask task = target.submit(1);
        TestTarget.Sent command = target.sentOne();
        command.header().setByte(0, opcode);
        reject(command, RejectReason.PROTOCOL_ERROR);
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
    }

    @Test
    void oneOfACommandThatIsOverIsPassedOver() {
        TestTask task = target.submit(1);
        TestTarget.Sent command = target.sentOne();
        target.good(task);
        reject(command, RejectReason.INVALID_PDU_FIELD);
        assertThat(target.end).isNull();
    }

    private void text(List<IscsiException> failures) {
        target.session.text(Unpooled.copiedBuffer("X-a=b\0", StandardCharsets.US_ASCII), new TextCompletion() {
            @Override
            public void answered(ByteBuf text) {
                text.release();
            }

            @Override
            public void failed(IscsiException cause) {
                failures.add(cause);
            }
        });
    }

    private void reject(TestTarget.Sent rejected, RejectReason reason) {
        target.add(new Reject(), rejected.header(), header -> header.reason(reason))
                .deliver();
        target.statSn++;
    }

    private static void assertRejected(TestTask task) {
        assertThat(task.cause)
                .isInstanceOfSatisfying(
                        TaskException.class, cause -> assertThat(cause.kind()).isEqualTo(TaskException.Kind.REJECTED));
    }
}
