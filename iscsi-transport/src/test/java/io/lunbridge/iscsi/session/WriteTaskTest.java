package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules R19 to R27. The target takes segments of 1 KiB and a first burst of 2 KiB. */
class WriteTaskTest {

    private static final int SEGMENT = TestTarget.MAX_SEND_BYTES;
    private static final int TOTAL = 8 * SEGMENT;

    /** Unit 1 like that of the command, in another addressing method. */
    private static final long R2T_LUN = 0x4001_0000_0000_0000L;

    private final TestTask task = new TestTask();
    private final ByteBuf data = Unpooled.directBuffer(TOTAL);
    private TestTarget target = new TestTarget(8, 8, true);

    @AfterEach
    void close() {
        target.close();
        assertThat(data.refCnt()).as("the session keeps none of the data").isEqualTo(1);
        data.release();
    }

    @Test
    void immediateDataGoesWithTheCommandAndTheRestWaits() {
        submit(TOTAL);
        TestTarget.Sent sent = target.sentOne();
        ScsiCommand command = sent.as(new ScsiCommand());
        assertThat(command.writeBit()).isTrue();
        assertThat(command.finalBit()).isTrue();
        assertThat(command.expectedDataTransferLength()).isEqualTo(TOTAL);
        assertThat(command.dataSegmentLength()).isEqualTo(SEGMENT);
        assertIsTheDataItself(sent, 0);
    }

    @Test
    void unsolicitedDataFollowsUpToTheFirstBurst() {
        unasked();
        submit(TOTAL);
        List<TestTarget.Sent> sent = target.sent();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).as(new ScsiCommand()).finalBit()).isFalse();
        DataOut burst = sent.get(1).as(new DataOut());
        assertThat(burst.finalBit()).isTrue();
        assertThat(burst.targetTransferTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(burst.bufferOffset()).isEqualTo(SEGMENT);
        assertThat(burst.dataSn()).isZero();
        assertIsTheDataItself(sent.get(1), SEGMENT);
    }

    @Test
    void aWriteThatFitsTheCommandIsFinalThereEvenIfMoreMayFollow() {
        unasked();
        submit(SEGMENT);
        assertThat(target.sentOne().as(new ScsiCommand()).finalBit()).isTrue();
    }

    @Test
    void anR2TIsAnsweredExactlyAsItAsks() {
        submit(TOTAL);
        target.sent();
        addR2T(0, SEGMENT, 2 * SEGMENT + 512, header -> {}).deliver();
        List<TestTarget.Sent> sent = target.sent();
        assertThat(sent).hasSize(3);
        for (int i = 0; i < 3; i++) {
            DataOut out = sent.get(i).as(new DataOut());
            assertThat(out.initiatorTaskTag()).isEqualTo(task.initiatorTaskTag());
            assertThat(out.targetTransferTag()).isEqualTo(0x1234);
            assertThat(out.lun()).isEqualTo(R2T_LUN);
            assertThat(out.dataSn()).isEqualTo(i);
            assertThat(out.bufferOffset()).isEqualTo((1 + i) * SEGMENT);
            assertThat(out.dataSegmentLength()).isEqualTo(i < 2 ? SEGMENT : 512);
            assertThat(out.finalBit()).isEqualTo(i == 2);
            assertIsTheDataItself(sent.get(i), (1 + i) * SEGMENT);
        }
    }

    @Test
    void dataSnBeginsAnewWithEachR2T() {
        submit(TOTAL);
        target.sent();
        addR2T(0, SEGMENT, 3 * SEGMENT, header -> {}).deliver();
        addR2T(1, 4 * SEGMENT, 4 * SEGMENT, header -> {}).deliver();
        assertThat(target.sent())
                .extracting(sent -> sent.as(new DataOut()).dataSn())
                .containsExactly(0, 1, 2, 0, 1, 2, 3);
        respond(ScsiStatus.GOOD);
        assertThat(task.data).isNotNull();
    }

    @Test
    void answersInTheOrderOfTheR2TsAcrossTasks() {
        TestTask other = new TestTask();
        submit(TOTAL);
        other.cdb().write16(0, 1, false);
        other.write(Lun.ofNumber(1), data);
        target.session.submit(other);
        target.sent();
        addR2T(0, SEGMENT, SEGMENT, header -> header.initiatorTaskTag(other.initiatorTaskTag()));
        addR2T(0, SEGMENT, SEGMENT, header -> {}).deliver();
        assertThat(target.sent())
                .extracting(sent -> sent.as(new DataOut()).initiatorTaskTag())
                .containsExactly(other.initiatorTaskTag(), task.initiatorTaskTag());
    }

    @Test
    void aRefusalMayComeBeforeAnyR2T() {
        submit(TOTAL);
        respond(ScsiStatus.RESERVATION_CONFLICT);
        assertThat(task.status).isEqualTo(ScsiStatus.RESERVATION_CONFLICT);
    }

    @Test
    void goodStatusForDataThatWasNeverAskedForIsNoSuccess() {
        submit(TOTAL);
        respond(ScsiStatus.GOOD);
        assertThat(task.cause).isInstanceOf(TaskException.class);
    }

    @Test
    void aTaskThatFailedMayBeSubmittedAgain() {
        submit(SEGMENT);
        target.sent();
        respond(ScsiStatus.BUSY);
        TestTask again = new TestTask();
        again.cdb().write16(0, 1, false);
        again.write(Lun.ofNumber(1), data.slice(0, SEGMENT));
        target.session.submit(again);
        assertIsTheDataItself(target.sentOne(), 0);
    }

    @Test
    void anEmptyR2TEndsTheConnection() {
        hostile(SEGMENT, 0, header -> {});
    }

    @Test
    void anR2TBeyondTheEndEndsTheConnection() {
        hostile(SEGMENT, TOTAL, header -> {});
    }

    @Test
    void anR2TWhoseOffsetOverflowsEndsTheConnection() {
        hostile(0xffff_ff00, 0x200, header -> {});
    }

    @Test
    void anR2TForWhatHasGoneOutEndsTheConnection() {
        hostile(0, TOTAL, header -> {});
    }

    @Test
    void anR2TOutOfSequenceEndsTheConnection() {
        hostile(SEGMENT, SEGMENT, header -> header.r2tSn(1));
    }

    @Test
    void anR2TForAnotherUnitEndsTheConnection() {
        hostile(SEGMENT, SEGMENT, header -> header.lun(0x0002_0000_0000_0000L));
    }

    @Test
    void anR2TWithoutALunIsAnsweredLikewise() {
        submit(TOTAL);
        target.sent();
        addR2T(0, SEGMENT, SEGMENT, header -> header.lun(0)).deliver();
        assertThat(target.sentOne().as(new DataOut()).lun()).isZero();
    }

    @Test
    void anR2TWithoutATagEndsTheConnection() {
        hostile(SEGMENT, SEGMENT, header -> header.targetTransferTag(BasicHeader.RESERVED_TAG));
    }

    @Test
    void anR2TForAReadEndsTheConnection() {
        task.cdb().read16(0, 1, false);
        task.read(Lun.ofNumber(1), 512);
        target.session.submit(task);
        addR2T(0, 0, 512, header -> {}).deliver();
        assertThat(target.isDropped()).isTrue();
    }

    private void unasked() {
        target.close();
        target = new TestTarget(8, 8, false);
    }

    private void submit(int lengthBytes) {
        data.clear().writeZero(TOTAL);
        task.cdb().write16(0, lengthBytes / 512, false);
        task.write(Lun.ofNumber(1), data.slice(0, lengthBytes));
        target.session.submit(task);
    }

    private TestTarget addR2T(int number, int offset, int length, Consumer<ReadyToTransfer> fill) {
        return target.add(
                new ReadyToTransfer(),
                header -> fill.accept(header.initiatorTaskTag(task.initiatorTaskTag())
                        .lun(R2T_LUN)
                        .targetTransferTag(0x1234)
                        .r2tSn(number)
                        .bufferOffset(offset)
                        .desiredDataTransferLength(length)));
    }

    private void respond(int status) {
        target.add(
                        new ScsiResponse(),
                        header ->
                                header.initiatorTaskTag(task.initiatorTaskTag()).status(status))
                .deliver();
    }

    private void hostile(int offset, int length, Consumer<ReadyToTransfer> crime) {
        submit(TOTAL);
        target.sent();
        addR2T(0, offset, length, crime).deliver();
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
        assertThat(target.sent()).isEmpty();
    }

    /** Not a copy: a change of the data after it was sent shows in what was sent. */
    private void assertIsTheDataItself(TestTarget.Sent sent, int offset) {
        data.setByte(offset, 0x5a);
        assertThat(sent.data().getByte(sent.data().readerIndex())).isEqualTo((byte) 0x5a);
    }
}
