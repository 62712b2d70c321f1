package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What gives a command more time, and what becomes of its data when that is over. */
class CommandTimerTest {

    private static final int COMMAND_SECONDS = Timeouts.DEFAULT.commandSeconds();

    private TestTarget target = new TestTarget(Timeouts.DEFAULT);

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void aCommandThatMovesDataIsNotOverdue() {
        TestTask task = target.write(1);
        for (int burst = 0; burst < 2; burst++) {
            target.liveSeconds(COMMAND_SECONDS);
            target.readyToTransfer(task, burst);
            target.sent();
        }
        target.liveSeconds(COMMAND_SECONDS);
        assertThat(target.sent()).isEmpty();
        target.liveSeconds(1);
        assertThat(sentFunction()).isEqualTo(TaskFunction.ABORT_TASK);
    }

    @Test
    void aCommandBehindOneThatMakesProgressIsNotOverdue() {
        TestTask first = target.write(1);
        target.submit(2);
        target.liveSeconds(COMMAND_SECONDS);
        target.readyToTransfer(first, 0);
        target.sent();
        target.liveSeconds(COMMAND_SECONDS);
        assertThat(target.sent()).isEmpty();
        target.submit(3);
        target.sent();
        target.liveSeconds(1);
        assertThat(sentFunction())
                .as("progress of later commands does not count")
                .isEqualTo(TaskFunction.ABORT_TASK);
    }

    @Test
    void aCommandThatWaitsInOurOwnQueueIsNotOverdueWhileTheQueueMoves() {
        target.takesWrites = 0;
        TestTask ahead = target.write(1);
        target.readyToTransfer(ahead, 0);
        target.readyToTransfer(ahead, 1);
        target.submit(2);
        for (int write = 0; write < 4; write++) {
            target.liveSeconds(COMMAND_SECONDS - 1);
            target.takesWrites = 1;
            target.channel.flush();
        }
        assertThat(target.session.isHandlingErrors()).isFalse();
        target.liveSeconds(COMMAND_SECONDS + 2);
        assertThat(target.session.isHandlingErrors()).as("a queue that rests").isTrue();
    }

    @Test
    void withFastAbortAnAffectedTransferIsLeftAlone() {
        TestTask task = target.write(1);
        TestTask other = target.write(2);
        TaskManagementRequest abort = firstAbort();
        target.readyToTransfer(task, 0);
        assertThat(target.sent()).isEmpty();
        target.readyToTransfer(other, 0);
        assertThat(target.sentOne().as(new DataOut()).initiatorTaskTag()).isEqualTo(other.initiatorTaskTag());
        answer(abort, TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
        target.sent();
        target.readyToTransfer(other, 1);
        assertThat(target.sentOne().as(new DataOut()).initiatorTaskTag())
                .as("another unit")
                .isEqualTo(other.initiatorTaskTag());
    }

    @Test
    void withoutFastAbortAnAffectedTransferGoesOn() {
        target.close();
        target = new TestTarget(Timeouts.DEFAULT.withLadder(Timeouts.Ladder.DEFAULT.withFastAbort(false)));
        TestTask task = target.write(1);
        firstAbort();
        target.readyToTransfer(task, 0);
        assertThat(target.sentOne().as(new DataOut()).initiatorTaskTag()).isEqualTo(task.initiatorTaskTag());
    }

    @Test
    void whatWasQueuedHoldsTheMemoryThoughTheTaskIsAborted() {
        ByteBuf data = Unpooled.buffer(TestTarget.WRITE_BYTES).writeZero(TestTarget.WRITE_BYTES);
        TestTask task = new TestTask();
        task.write(Lun.ofNumber(1), data);
        target.session.submit(task);
        target.readyToTransfer(task, 0);
        TaskManagementRequest abort = firstAbort();
        complete(abort);
        assertThat(task.cause).isInstanceOf(TaskException.class);
        assertThat(data.refCnt()).as("ours, and what the socket may still send").isGreaterThan(1);
        data.release();
    }

    /** Lets the oldest command become overdue. */
    private TaskManagementRequest firstAbort() {
        target.sent();
        target.liveSeconds(COMMAND_SECONDS + 1);
        return target.sentOne().as(new TaskManagementRequest());
    }

    private TaskFunction sentFunction() {
        return target.sentOne().as(new TaskManagementRequest()).function();
    }

    private void complete(TaskManagementRequest request) {
        answer(request, TaskManagementResponse.FUNCTION_COMPLETE);
    }

    private void answer(TaskManagementRequest request, int response) {
        target.status(new TaskManagementResponse(), request.initiatorTaskTag(), header -> header.response(response));
    }
}
