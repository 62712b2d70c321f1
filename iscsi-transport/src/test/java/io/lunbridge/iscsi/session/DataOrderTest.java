package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Digests;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The order of Data-In and R2T that DataPDUInOrder and DataSequenceInOrder leave to the target, and how many R2Ts may be
 * outstanding.
 */
class DataOrderTest {

    private static final String TEXT = "abcdefghijkl";
    private static final int PIECE = 4;

    private final TestTask task = new TestTask();
    private final ByteBuf data = Unpooled.directBuffer().writeBytes(TEXT.getBytes(StandardCharsets.US_ASCII));
    private TestTarget target = target(true, true, 1);
    private int count;

    @AfterEach
    void close() {
        if (task.data != null) {
            task.data.release();
        }
        target.close();
        assertThat(data.refCnt()).isEqualTo(1);
        data.release();
    }

    private static TestTarget target(boolean pduInOrder, boolean sequenceInOrder, int maxOutstandingR2t) {
        Flow flow = new Flow(true, false, pduInOrder, sequenceInOrder, maxOutstandingR2t);
        return new TestTarget(8, 8, TestTarget.keys(flow, new Digests(false, false)));
    }

    private void agree(boolean pduInOrder, boolean sequenceInOrder, int maxOutstandingR2t) {
        target.close();
        target = target(pduInOrder, sequenceInOrder, maxOutstandingR2t);
    }

    /** Pieces by their offsets in fours; F stands after those with a dot. */
    @ParameterizedTest
    @CsvSource({
        "true, true, 0 1 2.",
        "true, true, 0. 1. 2.",
        "true, true, 0 2. 1.",
        "true, false, 2. 0 1.",
        "true, false, 1 2. 0.",
        "false, true, 1 0. 2.",
        "false, true, 2 1 0.",
        "false, true, 0 2. 1.",
        "false, false, 2. 1. 0.",
        "false, false, 2 0. 1.",
    })
    void whatTheOrderAllowsIsRead(boolean pduInOrder, boolean sequenceInOrder, String order) {
        agree(pduInOrder, sequenceInOrder, 1);
        dataIn(order);
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(task.initiatorTaskTag()))
                .deliver();
        assertThat(task.dataOrFail().toString(StandardCharsets.US_ASCII)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, 1 0 2.",
        "true, true, 1. 0. 2.",
        "true, false, 2 0 1.",
        "false, true, 2. 1.",
        "false, true, 1 2. 0.",
        "false, false, 1 1",
        "false, false, 1. 1.",
        "true, true, 0. 0.",
    })
    void whatItForbidsEndsTheConnection(boolean pduInOrder, boolean sequenceInOrder, String order) {
        agree(pduInOrder, sequenceInOrder, 1);
        dataIn(order);
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
    }

    private void dataIn(String order) {
        task.cdb().read16(0, 1, false);
        task.read(Lun.ofNumber(1), TEXT.length());
        target.session.submit(task);
        for (String piece : order.split(" ", -1)) {
            int offset = PIECE * Character.digit(piece.charAt(0), 10);
            target.add(
                    new DataIn(),
                    data.slice(offset, PIECE),
                    header -> header.initiatorTaskTag(task.initiatorTaskTag())
                            .finalBit(piece.endsWith("."))
                            .dataSn(count++)
                            .bufferOffset(offset));
        }
        target.deliverInPieces(7);
    }

    @Test
    void r2tsInAnyOrderAreAnsweredInTheOrderInWhichTheyCame() {
        agree(true, false, 3);
        write();
        askFor(8, 4);
        askFor(0, 4);
        askFor(4, 4);
        target.deliver();
        List<TestTarget.Sent> sent = target.sent();
        assertThat(sent).extracting(one -> one.as(new DataOut()).bufferOffset()).containsExactly(8, 0, 4);
        assertThat(sent)
                .extracting(one -> one.data().toString(StandardCharsets.US_ASCII))
                .containsExactly("ijkl", "abcd", "efgh");
        respond();
        assertThat(task.data).isNotNull();
    }

    @Test
    void inOrderAnR2TGoesOnWhereTheLastOneEnded() {
        write();
        askFor(4, 4);
        target.deliver();
        assertThat(target.isDropped()).isTrue();
    }

    @Test
    void inAnyOrderNoByteIsSentTwiceEither() {
        agree(false, false, 8);
        write();
        askFor(4, 4);
        target.deliver();
        assertThat(target.sent()).hasSize(1);
        askFor(6, 4);
        target.deliver();
        assertThat(target.isDropped()).isTrue();
        assertThat(target.sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void moreR2TsAtOnceThanAgreedEndTheConnection(int agreed) {
        agree(true, true, agreed);
        write();
        for (int offset = 0; offset < 4 * (agreed + 1); offset += 4) {
            askFor(offset, 4);
        }
        target.deliver();
        assertThat(target.isDropped()).isTrue();
    }

    @Test
    void asManyR2TsAsAgreedMayComeAgainWhenTheirDataHasGone() {
        agree(true, true, 2);
        write();
        askFor(0, 3);
        askFor(3, 3);
        target.deliver();
        askFor(6, 3);
        askFor(9, 3);
        target.deliver();
        respond();
        assertThat(task.data).isNotNull();
    }

    @Test
    void theLimitIsForEachTask() {
        TestTask other = new TestTask();
        write();
        other.cdb().write16(0, 1, false);
        other.write(Lun.ofNumber(1), data);
        target.session.submit(other);
        askFor(0, 12);
        target.add(
                new ReadyToTransfer(),
                header -> header.initiatorTaskTag(other.initiatorTaskTag()).desiredDataTransferLength(12));
        target.deliver();
        assertThat(target.end).isNull();
    }

    @Test
    void aBurstLongerThanAgreedIsSent() {
        write((1 << 20) + 512);
        askFor(0, (1 << 20) + 512);
        target.deliver();
        assertThat(target.sent()).hasSize(1024 + 1);
        respond();
        assertThat(task.data).isNotNull();
    }

    private void write() {
        write(TEXT.length());
    }

    private void write(int lengthBytes) {
        data.writeZero(lengthBytes - data.readableBytes());
        task.cdb().write16(0, 1, false);
        task.write(Lun.ofNumber(1), data);
        target.session.submit(task);
        assertThat(target.sent()).hasSize(1);
    }

    private void askFor(int offset, int length) {
        target.add(
                new ReadyToTransfer(),
                header -> header.initiatorTaskTag(task.initiatorTaskTag())
                        .r2tSn(count++)
                        .bufferOffset(offset)
                        .desiredDataTransferLength(length));
    }

    private void respond() {
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(task.initiatorTaskTag()))
                .deliver();
    }
}
