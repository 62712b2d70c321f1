package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.AsyncEvent;
import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.SenseData;
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

/** What the target tells unasked, with frozen time. */
class AsyncMessagesTest {

    private final TestTarget target = new TestTarget(Timeouts.DEFAULT.withPings(0, 0));
    private final List<String> events = new ArrayList<>();

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void theTargetMayDropTheConnectionAndSayHowLongToWait() {
        TestTask task = target.submit(1);
        target.add(
                        new AsyncMessage(),
                        header -> header.event(AsyncEvent.SESSION_DROP).parameter2(7))
                .deliver();
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause)
                .isInstanceOfSatisfying(
                        ConnectionException.class,
                        cause -> assertThat(cause.reconnectAfterSeconds()).isEqualTo(7));
    }

    @Test
    void aLogoutThatTheTargetAsksForLosesTheConnectionOnly() {
        target.add(
                        new AsyncMessage(),
                        header -> header.event(AsyncEvent.LOGOUT_REQUEST).parameter2(9))
                .deliver();
        LogoutRequest request = target.sentOne().as(new LogoutRequest());
        assertThat(request.immediate()).isTrue();
        TestTask late = target.submit(1);
        assertThat(target.sent()).as("new commands").isEmpty();
        assertThat(late.isDone()).isFalse();
        target.statSn++;
        target.add(new LogoutResponse(), header -> header.initiatorTaskTag(request.initiatorTaskTag()))
                .deliver();
        assertThat(target.isDropped()).isTrue();
        assertThat(late.cause).isSameAs(target.end);
        assertThat(target.end)
                .isInstanceOfSatisfying(
                        ConnectionException.class,
                        cause -> assertThat(cause.reconnectAfterSeconds()).isEqualTo(9));
    }

    @Test
    void closingWhileTheTargetWantsALogoutIsOurs() {
        target.add(new AsyncMessage(), header -> header.event(AsyncEvent.LOGOUT_REQUEST))
                .deliver();
        target.session.close(() -> {});
        assertThat(target.submit(1).cause).isInstanceOf(SessionException.class);
        target.passSeconds(2);
        assertThat(target.end).isInstanceOf(SessionException.class);
    }

    @Test
    void aLogoutWaitsForWhatIsInFlight() {
        TestTask task = target.submit(1);
        target.sent();
        tell(AsyncEvent.LOGOUT_REQUEST, 0, 10);
        assertThat(target.sent()).isEmpty();
        TestTask late = target.submit(1);
        target.good(task);
        assertThat(target.sentOne().header().getByte(0) & 0x3f).isEqualTo(0x06);
        assertThat(task.data).isNotNull();
        assertThat(late.isDone()).isFalse();
    }

    @Test
    void aLogoutWaitsNoLongerThanHalfOfTheTimeGranted() {
        TestTask task = target.submit(1);
        target.sent();
        tell(AsyncEvent.LOGOUT_REQUEST, 3, 10);
        target.passSeconds(4);
        assertThat(target.sent()).isEmpty();
        target.passSeconds(1);
        LogoutRequest request = target.sentOne().as(new LogoutRequest());
        target.status(new LogoutResponse(), request.initiatorTaskTag(), header -> header.time2WaitSeconds(5));
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
        assertThat(target.end)
                .isInstanceOfSatisfying(
                        ConnectionException.class,
                        cause -> assertThat(cause.reconnectAfterSeconds())
                                .as("the longer wait")
                                .isEqualTo(5));
        assertThat(target.channel.isOpen()).isFalse();
    }

    @Test
    void aLogoutThatIsNotAnsweredEndsAllTheSame() {
        tell(AsyncEvent.LOGOUT_REQUEST, 3, 10);
        target.passSeconds(2);
        assertThat(target.isDropped()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = AsyncEvent.class,
            names = {"CONNECTION_DROP", "SESSION_DROP"})
    void aDropIsALossWithAWait(AsyncEvent event) {
        TestTask task = target.submit(1);
        tell(event, 6, 9);
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause)
                .isInstanceOfSatisfying(
                        ConnectionException.class,
                        cause -> assertThat(cause.reconnectAfterSeconds()).isEqualTo(6));
    }

    @Test
    void aScsiEventIsToldToTheListeners() {
        listen();
        byte[] sense = new byte[2 + 18];
        sense[1] = 18;
        sense[2] = 0x70;
        sense[4] = 6;
        sense[14] = 0x2a;
        sense[15] = 0x09;
        target.add(
                        new AsyncMessage(),
                        Unpooled.wrappedBuffer(sense),
                        header -> header.event(AsyncEvent.SCSI_EVENT)
                                .lun(Lun.ofNumber(7).eightBytes()))
                .deliver();
        assertThat(events).containsExactly("7000000000000 unit attention 2Ah/09h");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5})
    void aScsiEventWithoutUsableSenseIsPassedOver(int lengthBytes) {
        listen();
        byte[] cut = {0, 18, 0, 0, 0};
        target.add(
                        new AsyncMessage(),
                        Unpooled.wrappedBuffer(cut, 0, lengthBytes),
                        header -> header.event(AsyncEvent.SCSI_EVENT).lun(-1L))
                .deliver();
        assertThat(events).isEmpty();
        assertThat(target.end).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 99, 247, 248, 255})
    void whatIsUnknownIsPassedOver(int code) {
        TestTask task = target.submit(1);
        target.sent();
        target.add(new AsyncMessage(), header -> header.bytes().setByte(36, code))
                .deliver();
        target.statSn++;
        assertThat(target.sent()).isEmpty();
        target.good(task);
        assertThat(task.data).isNotNull();
    }

    @Test
    void aNegotiationChangesHowMuchIsSentAtOnce() {
        tell(AsyncEvent.NEGOTIATION_REQUEST, 0, 3);
        TestTarget.Sent sent = target.sentOne();
        TextRequest request = sent.as(new TextRequest());
        assertThat(request.finalBit()).isTrue();
        assertThat(request.targetTransferTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(sent.data().toString(StandardCharsets.US_ASCII))
                .isEqualTo("MaxRecvDataSegmentLength=" + TestTarget.MAX_RECEIVE_BYTES + "\0");
        assertThat(dataOutOfOneBurst()).containsExactly(1024);
        answerText(request, "MaxRecvDataSegmentLength=512\0");
        assertThat(dataOutOfOneBurst()).containsExactly(512, 512);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MaxRecvDataSegmentLength=511\0",
                "MaxRecvDataSegmentLength=16777216\0",
                "MaxRecvDataSegmentLength=-1\0",
                "MaxRecvDataSegmentLength=Reject\0",
                "nonsense\0",
                "MaxRecvDataSegmentLength=512"
            })
    void aNegotiationThatFailsTwiceLeadsToALogoutAndChangesNothing(String answer) {
        tell(AsyncEvent.NEGOTIATION_REQUEST, 0, 3);
        answerText(target.sentOne().as(new TextRequest()), answer);
        TextRequest again = target.sentOne().as(new TextRequest());
        assertThat(dataOutOfOneBurst()).containsExactly(1024);
        answerText(again, answer);
        assertThat(target.sentOne().header().getByte(0) & 0x3f).isEqualTo(0x06);
    }

    @Test
    void aNegotiationThatIsResetBeginsAgain() {
        tell(AsyncEvent.NEGOTIATION_REQUEST, 0, 3);
        TestTarget.Sent first = target.sentOne();
        int firstTag = first.as(new TextRequest()).initiatorTaskTag();
        target.add(new Reject(), first.header(), header -> header.reason(RejectReason.NEGOTIATION_RESET))
                .deliver();
        target.statSn++;
        TextRequest second = target.sentOne().as(new TextRequest());
        assertThat(second.initiatorTaskTag()).isNotEqualTo(firstTag);
        answerText(second, "MaxRecvDataSegmentLength=512\0");
        assertThat(dataOutOfOneBurst()).containsExactly(512, 512);
    }

    @Test
    void aNegotiationThatIsUnderWayWillDo() {
        tell(AsyncEvent.NEGOTIATION_REQUEST, 0, 3);
        target.sentOne();
        tell(AsyncEvent.NEGOTIATION_REQUEST, 0, 3);
        assertThat(target.sent()).isEmpty();
        assertThat(target.end).isNull();
    }

    /** Lengths of the Data-Out PDUs that answer an R2T of 1024 bytes. */
    private List<Integer> dataOutOfOneBurst() {
        TestTask task = target.write(1);
        target.sent();
        target.readyToTransfer(task, 0);
        return target.sent().stream()
                .map(sent -> sent.as(new DataOut()).dataSegmentLength())
                .toList();
    }

    private void answerText(TextRequest request, String text) {
        ByteBuf data = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        target.add(new TextResponse(), data, header -> header.initiatorTaskTag(request.initiatorTaskTag()))
                .deliver();
        target.statSn++;
    }

    private void tell(AsyncEvent event, int parameter2, int parameter3) {
        target.add(
                        new AsyncMessage(),
                        header -> header.event(event).parameter2(parameter2).parameter3(parameter3))
                .deliver();
        target.statSn++;
    }

    private void listen() {
        target.session.addListener(new SessionListener() {
            @Override
            public void sessionEnded(IscsiException cause) {}

            @Override
            public void scsiEvent(long lunBytes, SenseData sense) {
                events.add(Long.toHexString(lunBytes) + " " + sense);
            }
        });
    }
}
