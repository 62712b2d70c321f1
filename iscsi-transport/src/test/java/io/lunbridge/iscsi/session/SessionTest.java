package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The window, the pings, the end: what is not about one task. Rules R1 to R11, R31 to R36, R84. */
class SessionTest {

    private static final long LUN = 0x4123_4567_89ab_cdefL;

    private TestTarget target = new TestTarget(8, 2, true);

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void aClosedWindowParksAndALaterPduReopensIt() {
        List<TestTask> tasks = submit(5);
        assertThat(commandNumbers()).containsExactly(1, 2);
        target.maxCmdSn = 4;
        target.add(new NopIn(), header -> {}).deliver();
        assertThat(commandNumbers()).containsExactly(3, 4);
        target.maxCmdSn = 10;
        answer(tasks.get(0));
        assertThat(tasks.get(0).data).isNotNull();
        assertThat(commandNumbers()).containsExactly(5);
    }

    @Test
    void ourOwnDepthBoundsAWideWindow() {
        target.close();
        target = new TestTarget(3, 1000, true);
        List<TestTask> tasks = submit(5);
        assertThat(commandNumbers()).containsExactly(1, 2, 3);
        answer(tasks.get(1));
        assertThat(commandNumbers()).containsExactly(4);
    }

    @Test
    void theQueueOfParkedTasksIsBounded() {
        List<TestTask> tasks = submit(2 + Session.MAX_PARKED_TASKS + 1);
        assertThat(tasks.get(tasks.size() - 1).cause).isInstanceOf(SessionException.class);
        assertThat(tasks.get(tasks.size() - 2).isDone()).isFalse();
    }

    @Test
    void thePingOfTheTargetComesBackWithItsTagAndWholeLun() {
        submit(3);
        target.sent();
        target.add(
                        new NopIn(),
                        Unpooled.copiedBuffer("ping", StandardCharsets.US_ASCII),
                        header -> header.lun(LUN).targetTransferTag(0x77))
                .deliver();
        TestTarget.Sent sent = target.sentOne();
        NopOut answer = sent.as(new NopOut());
        assertThat(answer.immediate()).isTrue();
        assertThat(answer.lun()).isEqualTo(LUN);
        assertThat(answer.targetTransferTag()).isEqualTo(0x77);
        assertThat(answer.initiatorTaskTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(answer.cmdSn()).as("an immediate PDU uses no number up").isEqualTo(3);
        assertThat(sent.data().readableBytes()).isZero();
    }

    @Test
    void newsOfTheWindowNeedsNoAnswerAndUsesNoStatSnUp() {
        target.add(new NopIn(), header -> header.statSn(12345)).deliver();
        assertThat(target.sent()).isEmpty();
        assertThat(target.end).isNull();
    }

    @Test
    void silenceIsAnsweredByAPingAndFurtherSilenceByTheEnd() {
        TestTask task = submit(1).get(0);
        target.sent();
        passSeconds(5);
        NopOut ping = target.sentOne().as(new NopOut());
        assertThat(ping.immediate()).isTrue();
        assertThat(ping.targetTransferTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(ping.initiatorTaskTag()).isNotEqualTo(BasicHeader.RESERVED_TAG);
        passSeconds(4);
        assertThat(target.end).isNull();
        passSeconds(1);
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
    }

    @Test
    void anAnsweredPingStartsTheTimeAnew() {
        for (int round = 0; round < 5; round++) {
            passSeconds(5);
            int tag = target.sentOne().as(new NopOut()).initiatorTaskTag();
            target.add(new NopIn(), header -> header.initiatorTaskTag(tag)).deliver();
            target.statSn++;
            passSeconds(1);
        }
        assertThat(target.end).isNull();
    }

    @Test
    void aWindowThatStaysClosedIsPingedForAndGivenUpInTheEnd() {
        List<TestTask> tasks = submit(3);
        target.sent();
        answer(tasks.get(0));
        answer(tasks.get(1));
        target.liveSeconds(5);
        NopOut ping = target.sentOne().as(new NopOut());
        assertThat(ping.immediate()).isTrue();
        target.liveSeconds(55);
        assertThat(target.end).isNull();
        target.liveSeconds(1);
        assertThat(target.isDropped()).isTrue();
        assertThat(tasks.get(2).cause).hasMessageContaining("window");
    }

    @Test
    void aWindowThatIsClosedWhileTheTargetIsAtWorkIsPutUpWith() {
        target.close();
        target = new TestTarget(8, 1, true);
        TestTask atWork = submit(2).get(0);
        for (int minute = 0; minute < 3; minute++) {
            target.liveSeconds(50);
            atWork.progress(50 * (minute + 1));
        }
        assertThat(target.end).isNull();
    }

    @Test
    void aPingTimeoutOfZeroIsTheDefault() {
        target.close();
        target = new TestTarget(Timeouts.DEFAULT.withPings(3, 0));
        passSeconds(3);
        assertThat(target.sent()).hasSize(1);
        passSeconds(4);
        assertThat(target.end).isNull();
        passSeconds(1);
        assertThat(target.isDropped()).isTrue();
    }

    @Test
    void withPingsOffSilenceIsNoLoss() {
        target.close();
        target = new TestTarget(Timeouts.DEFAULT.withoutPings());
        passSeconds(1000);
        assertThat(target.sent()).isEmpty();
        assertThat(target.end).isNull();
    }

    @Test
    void aTextWithoutAnAnswerEndsTheConnection() {
        List<IscsiException> failures = new ArrayList<>();
        target.session.text(text("X-a=b\0"), new TextCompletion() {
            @Override
            public void answered(ByteBuf text) {
                text.release();
            }

            @Override
            public void failed(IscsiException cause) {
                failures.add(cause);
            }
        });
        target.liveSeconds(60);
        assertThat(failures).isEmpty();
        target.liveSeconds(1);
        assertThat(failures).singleElement().isInstanceOf(ConnectionException.class);
    }

    @Test
    void logsOutAndCloses() {
        List<String> closed = new ArrayList<>();
        List<TestTask> tasks = submit(3);
        target.sent();
        target.session.close(() -> closed.add("closed"));
        assertThat(tasks.get(2).cause).as("a parked task").isInstanceOf(SessionException.class);
        LogoutRequest request = target.sentOne().as(new LogoutRequest());
        assertThat(request.immediate()).isTrue();
        answer(tasks.get(0));
        target.add(new LogoutResponse(), header -> header.initiatorTaskTag(request.initiatorTaskTag()))
                .deliver();
        assertThat(closed).hasSize(1);
        assertThat(tasks.get(0).data).isNotNull();
        assertThat(tasks.get(1).cause).isInstanceOf(SessionException.class);
        assertThat(target.channel.isOpen()).isFalse();
        assertThat(target.session.state()).isEqualTo(SessionState.FREE);
    }

    @Test
    void aDeadTargetDoesNotHoldUpTheLogout() {
        List<String> closed = new ArrayList<>();
        target.session.close(() -> closed.add("closed"));
        passSeconds(1);
        assertThat(closed).isEmpty();
        passSeconds(1);
        assertThat(closed).hasSize(1);
        target.session.close(() -> closed.add("again"));
        assertThat(closed).hasSize(2);
    }

    @Test
    void gathersATextThatGoesOn() {
        List<String> answers = new ArrayList<>();
        target.session.text(
                Unpooled.copiedBuffer("SendTargets=All\0", StandardCharsets.US_ASCII), new TextCompletion() {
                    @Override
                    public void answered(ByteBuf text) {
                        answers.add(text.toString(StandardCharsets.US_ASCII));
                        text.release();
                    }

                    @Override
                    public void failed(IscsiException cause) {
                        answers.add("failed");
                    }
                });
        TextRequest request = target.sentOne().as(new TextRequest());
        assertThat(request.finalBit()).isTrue();
        assertThat(request.targetTransferTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        int tag = request.initiatorTaskTag();
        target.add(
                        new TextResponse(),
                        text("TargetName=a"),
                        header -> header.finalBit(false)
                                .lun(LUN)
                                .initiatorTaskTag(tag)
                                .targetTransferTag(9))
                .deliver();
        TextRequest more = target.sentOne().as(new TextRequest());
        assertThat(more.initiatorTaskTag()).isEqualTo(tag);
        assertThat(more.targetTransferTag()).isEqualTo(9);
        assertThat(more.lun()).isEqualTo(LUN);
        assertThat(answers).isEmpty();
        target.statSn++;
        target.add(new TextResponse(), text("bc"), header -> header.initiatorTaskTag(tag))
                .deliver();
        assertThat(answers).containsExactly("TargetName=abc");
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private List<TestTask> submit(int count) {
        List<TestTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestTask task = new TestTask();
            task.cdb().testUnitReady();
            task.noData(Lun.ofNumber(1));
            tasks.add(task);
            target.session.submit(task);
        }
        return tasks;
    }

    private void answer(TestTask task) {
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(task.initiatorTaskTag()))
                .deliver();
        target.statSn++;
    }

    private List<Integer> commandNumbers() {
        return target.sent().stream()
                .map(sent -> sent.as(new ScsiCommand()).cmdSn())
                .toList();
    }

    private void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            target.channel.advanceTimeBy(1, TimeUnit.SECONDS);
            target.channel.runScheduledPendingTasks();
        }
    }
}
