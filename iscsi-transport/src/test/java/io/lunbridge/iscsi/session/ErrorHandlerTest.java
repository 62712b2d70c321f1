package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.Opcode;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.scsi.Lun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that a living target leaves without an answer: when each step of error handling comes, and what it ends. */
class ErrorHandlerTest {

    private static final int COMMAND_SECONDS = Timeouts.DEFAULT.commandSeconds();

    private final TestTarget target = new TestTarget(Timeouts.DEFAULT);
    private final List<Boolean> told = new ArrayList<>();

    {
        listen();
    }

    private void listen() {
        target.session.addListener(new SessionListener() {
            @Override
            public void sessionEnded(IscsiException cause) {}

            @Override
            public void errorHandling(boolean active) {
                told.add(active);
            }
        });
    }

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void anOverdueCommandIsAborted() {
        TestTask task = target.submit(3);
        TestTask later = target.submit(4);
        target.sent();
        target.liveSeconds(COMMAND_SECONDS);
        assertThat(target.sent()).as("before its time").isEmpty();
        target.liveSeconds(1);
        TaskManagementRequest abort = target.sentOne().as(new TaskManagementRequest());
        assertThat(abort.function()).isEqualTo(TaskFunction.ABORT_TASK);
        assertThat(abort.immediate()).isTrue();
        assertThat(abort.lun()).isEqualTo(Lun.ofNumber(3).eightBytes());
        assertThat(abort.referencedTaskTag()).isEqualTo(task.initiatorTaskTag());
        assertThat(abort.refCmdSn()).isEqualTo(TestTarget.FIRST_CMD_SN);
        assertThat(abort.cmdSn()).as("the next number, which is not used up").isEqualTo(TestTarget.FIRST_CMD_SN + 2);
        assertThat(abort.initiatorTaskTag()).isNotEqualTo(task.initiatorTaskTag());
        assertThat(target.session.isHandlingErrors()).isTrue();
        target.good(later);
        complete(abort);
        assertAborted(task);
        assertThat(target.session.isHandlingErrors()).isFalse();
        assertThat(told).containsExactly(true, false);
        assertThat(target.end).isNull();
    }

    @Test
    void newCommandsWaitMeanwhile() {
        target.submit(1);
        TaskManagementRequest abort = firstAbort();
        TestTask parked = target.submit(2);
        assertThat(target.sent()).isEmpty();
        complete(abort);
        ScsiCommand command = target.sentOne().as(new ScsiCommand());
        assertThat(command.opcode()).isEqualTo(Opcode.SCSI_COMMAND);
        assertThat(command.cmdSn()).isEqualTo(abort.cmdSn());
        target.good(parked);
        assertThat(parked.data).isNotNull();
    }

    @Test
    void overdueCommandsAreAbortedOneAfterTheOtherInOrder() {
        List<TestTask> tasks = List.of(target.submit(1), target.submit(2), target.submit(1));
        int[] tags = tasks.stream().mapToInt(Task::initiatorTaskTag).toArray();
        TaskManagementRequest abort = firstAbort();
        for (int tag : tags) {
            assertThat(abort.referencedTaskTag()).isEqualTo(tag);
            complete(abort);
            if (tag != tags[2]) {
                abort = target.sentOne().as(new TaskManagementRequest());
            }
        }
        tasks.forEach(ErrorHandlerTest::assertAborted);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void abortsShareTheirTime() {
        target.submit(1);
        TestTask second = target.submit(2);
        TaskManagementRequest abort = firstAbort();
        target.liveSeconds(14);
        complete(abort);
        assertThat(sentFunction()).isEqualTo(TaskFunction.ABORT_TASK);
        target.liveSeconds(1);
        assertThat(sentFunction()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
        assertThat(second.isDone()).isFalse();
    }

    @Test
    void aTaskThatIsAnsweredMeanwhileIsOver() {
        TestTask task = target.submit(1);
        TaskManagementRequest abort = firstAbort();
        target.good(task);
        assertThat(task.data).isNotNull();
        assertThat(target.session.isHandlingErrors()).as("until the answer").isTrue();
        answer(abort, TaskManagementResponse.TASK_DOES_NOT_EXIST);
        assertThat(target.session.isHandlingErrors()).isFalse();
        assertThat(target.sent()).isEmpty();
    }

    @Test
    void aTaskThatDoesNotExistAndWasNeverAnsweredIsNoSuccess() {
        TestTask task = target.submit(1);
        TaskManagementRequest abort = firstAbort();
        answer(abort, TaskManagementResponse.TASK_DOES_NOT_EXIST);
        assertThat(task.isDone()).isFalse();
        assertThat(sentFunction()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
    }

    @Test
    void withoutAnswersTheLadderIsClimbedToItsEndInItsTimes() {
        TestTask task = target.submit(5);
        TestTask other = target.submit(6);
        firstAbort();
        target.liveSeconds(14);
        assertThat(target.sent()).isEmpty();
        target.liveSeconds(1);
        TaskManagementRequest unit = target.sentOne().as(new TaskManagementRequest());
        assertThat(unit.function()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
        assertThat(unit.lun()).isEqualTo(Lun.ofNumber(5).eightBytes());
        assertThat(unit.referencedTaskTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(unit.refCmdSn()).isZero();
        target.liveSeconds(29);
        assertThat(target.sent()).isEmpty();
        target.liveSeconds(1);
        TaskManagementRequest warm = target.sentOne().as(new TaskManagementRequest());
        assertThat(warm.function()).isEqualTo(TaskFunction.TARGET_WARM_RESET);
        assertThat(warm.lun()).isZero();
        assertThat(warm.referencedTaskTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(warm.immediate()).isTrue();
        target.liveSeconds(29);
        assertThat(target.end).isNull();
        target.passSeconds(1);
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
        assertThat(other.cause).isInstanceOf(ConnectionException.class);
        assertThat(told).containsExactly(true, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 255})
    void aRefusalIsTheNextStepAtOnce(int response) {
        target.submit(1);
        answer(firstAbort(), response);
        TaskManagementRequest unit = target.sentOne().as(new TaskManagementRequest());
        assertThat(unit.function()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
        answer(unit, response);
        TaskManagementRequest warm = target.sentOne().as(new TaskManagementRequest());
        assertThat(warm.function()).isEqualTo(TaskFunction.TARGET_WARM_RESET);
        answer(warm, response);
        assertThat(target.isDropped()).isTrue();
    }

    @Test
    void aResetOfTheUnitEndsItsTasksAndNoOthers() {
        TestTask overdue = target.submit(1);
        TestTask sameUnit = target.submit(1);
        TestTask otherUnit = target.submit(2);
        TaskManagementRequest abort = firstAbort();
        otherUnit.progress(COMMAND_SECONDS);
        answer(abort, TaskManagementResponse.FUNCTION_REJECTED);
        complete(target.sentOne().as(new TaskManagementRequest()));
        assertAborted(overdue);
        assertAborted(sameUnit);
        assertThat(otherUnit.isDone()).isFalse();
        assertThat(target.session.isHandlingErrors()).isFalse();
    }

    @Test
    void aResetOfTheTargetEndsAllTasks() {
        List<TestTask> tasks = List.of(target.submit(1), target.submit(2));
        answer(firstAbort(), TaskManagementResponse.FUNCTION_REJECTED);
        answer(target.sentOne().as(new TaskManagementRequest()), TaskManagementResponse.FUNCTION_REJECTED);
        complete(target.sentOne().as(new TaskManagementRequest()));
        tasks.forEach(ErrorHandlerTest::assertAborted);
        assertThat(target.end).isNull();
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void anAnswerThatComesTooLateConcernsNobody() {
        target.submit(1);
        TaskManagementRequest abort = firstAbort();
        int lateTag = abort.initiatorTaskTag();
        target.liveSeconds(15);
        assertThat(sentFunction()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
        target.status(new TaskManagementResponse(), lateTag);
        assertThat(target.session.isHandlingErrors()).isTrue();
        assertThat(target.end).isNull();
    }

    @Test
    void anAnswerOfAnAbortedTaskThatComesTooLateConcernsNobody() {
        TestTask task = target.submit(1);
        int tag = task.initiatorTaskTag();
        complete(firstAbort());
        target.status(new ScsiResponse(), tag);
        assertAborted(task);
        assertThat(target.end).isNull();
    }

    @Test
    void anAnswerToAnotherRequestBreaksTheProtocol() {
        TestTask task = target.submit(1);
        target.status(new TaskManagementResponse(), task.initiatorTaskTag());
        assertThat(target.isDropped()).isTrue();
    }

    @Test
    void whatIsOverdueAgainAfterAnAbortIsReset() {
        TestTask task = target.submit(1);
        complete(firstAbort());
        task.again();
        target.session.submit(task);
        target.sent();
        target.liveSeconds(COMMAND_SECONDS + 1);
        assertThat(sentFunction()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
    }

    @Test
    void aRequestThatCameAtTheWrongTimeIsSentAgain() {
        TestTask task = target.submit(1);
        TestTarget.Sent first = abortPdu();
        reject(first, RejectReason.IMMEDIATE_COMMAND_REJECT);
        assertThat(target.sent()).isEmpty();
        target.liveSeconds(1);
        TaskManagementRequest again = target.sentOne().as(new TaskManagementRequest());
        assertThat(again.referencedTaskTag()).isEqualTo(task.initiatorTaskTag());
        complete(again);
        assertAborted(task);
    }

    @Test
    void aRequestThatIsRejectedForGoodIsAFailedStep() {
        target.submit(1);
        reject(abortPdu(), RejectReason.COMMAND_NOT_SUPPORTED);
        assertThat(sentFunction()).isEqualTo(TaskFunction.LOGICAL_UNIT_RESET);
    }

    @Test
    void theEndOfTheSessionEndsIt() {
        TestTask task = target.submit(1);
        firstAbort();
        target.session.close(() -> {});
        assertThat(told).containsExactly(true, false);
        assertThat(target.sentOne().header().getByte(0) & 0x3f).isEqualTo(Opcode.LOGOUT_REQUEST.code());
        target.passSeconds(2);
        assertThat(task.cause).isInstanceOf(SessionException.class);
    }

    @Test
    void whoIsToldMayCloseTheSession() {
        target.session.addListener(new SessionListener() {
            @Override
            public void sessionEnded(IscsiException cause) {}

            @Override
            public void errorHandling(boolean active) {
                target.session.close(() -> {});
            }
        });
        target.submit(1);
        target.sent();
        target.liveSeconds(COMMAND_SECONDS + 1);
        assertThat(target.sent()).hasSize(2);
        target.passSeconds(2);
        assertThat(target.end).isInstanceOf(SessionException.class);
    }

    /** Lets the oldest command become overdue. */
    private TaskManagementRequest firstAbort() {
        return abortPdu().as(new TaskManagementRequest());
    }

    private TestTarget.Sent abortPdu() {
        target.sent();
        target.liveSeconds(COMMAND_SECONDS + 1);
        return target.sentOne();
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

    private void reject(TestTarget.Sent rejected, RejectReason reason) {
        target.add(new Reject(), rejected.header(), header -> header.reason(reason))
                .deliver();
        target.statSn++;
    }

    private static void assertAborted(TestTask task) {
        assertThat(task.cause)
                .isInstanceOfSatisfying(
                        TaskException.class, cause -> assertThat(cause.kind()).isEqualTo(TaskException.Kind.ABORTED));
    }
}
