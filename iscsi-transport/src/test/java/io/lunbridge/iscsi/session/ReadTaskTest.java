package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules R12 to R18: what a target may and may not send in answer to a READ. */
class ReadTaskTest {

    private static final int LENGTH = 8;

    private final TestTarget target = new TestTarget(8, 8, true);
    private final TestTask task = new TestTask();

    @AfterEach
    void close() {
        if (task.data != null) {
            task.data.release();
        }
        target.close();
    }

    @Test
    void theCommandSaysWhatIsToBeRead() {
        submit();
        ScsiCommand command = target.sentOne().as(new ScsiCommand());
        assertThat(command.readBit()).isTrue();
        assertThat(command.writeBit()).isFalse();
        assertThat(command.finalBit()).isTrue();
        assertThat(command.lun()).isEqualTo(Lun.ofNumber(300).eightBytes());
        assertThat(command.expectedDataTransferLength()).isEqualTo(LENGTH);
        assertThat(command.cmdSn()).isEqualTo(TestTarget.FIRST_CMD_SN);
        assertThat(command.expStatSn()).isEqualTo(TestTarget.FIRST_STAT_SN);
        assertThat(command.cdbByte(0)).isEqualTo(0x88);
    }

    @Test
    void statusOnTheOnlyDataInHandsOnTheReceivedMemoryItself() {
        submit();
        ByteBuf read = addDataIn(0, "0102030405060708", this::endGood).deliver();
        assertThat(task.dataOrFail()).isNotInstanceOf(CompositeByteBuf.class);
        assertThat(task.dataOrFail().memoryAddress()).isEqualTo(read.memoryAddress() + 48);
        assertThat(hex(task.dataOrFail())).isEqualTo("0102030405060708");
    }

    @Test
    void severalPiecesStaySlicesOfTheReceivedMemory() {
        submit();
        addDataIn(0, "01020304", header -> {});
        ByteBuf read =
                addDataIn(4, "05060708", header -> endGood(header.dataSn(1))).deliver();
        assertThat(hex(task.dataOrFail())).isEqualTo("0102030405060708");
        read.setByte(48, 0x99);
        read.setByte(48 + 4 + 48 + 3, 0x77);
        assertThat(hex(task.dataOrFail())).isEqualTo("9902030405060777");
    }

    @Test
    void arrivesHoweverTheBytesAreCut() {
        submit();
        addDataIn(0, "01020304", header -> header.finalBit(true));
        addDataIn(4, "05060708", header -> endGood(header.dataSn(1)));
        target.deliverInPieces(3);
        assertThat(hex(task.dataOrFail())).isEqualTo("0102030405060708");
    }

    @Test
    void theFinalBitEndsABurstAndNotTheCommand() {
        submit();
        addDataIn(0, "0102030405060708", header -> header.finalBit(true)).deliver();
        assertThat(task.isDone()).isFalse();
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(tag())).deliver();
        assertThat(hex(task.dataOrFail())).isEqualTo("0102030405060708");
    }

    @Test
    void anEmptyDataInIsIgnoredUnlessItCarriesTheStatus() {
        submit();
        addDataIn(0, "", header -> {}).deliver();
        addDataIn(0, "0102030405060708", header -> header.dataSn(1)).deliver();
        assertThat(task.isDone()).isFalse();
        addDataIn(8, "", header -> endGood(header.dataSn(2))).deliver();
        assertThat(hex(task.dataOrFail())).isEqualTo("0102030405060708");
    }

    @Test
    void goodStatusWithMissingBytesFailsTheTaskAlone() {
        submit();
        addDataIn(0, "01020304", this::endGood).deliver();
        assertThat(task.cause).isInstanceOf(TaskException.class).hasMessageContaining("4 of 8");
        assertThat(target.end).isNull();
    }

    @Test
    void anUnderflowOfARead() {
        submit();
        addDataIn(
                0, "0102030405060708", header -> endGood(header.underflow(true).residualCount(4)));
        target.deliver();
        assertThat(task.cause).isInstanceOf(TaskException.class);
    }

    @Test
    void aShortAnswerToAQueryIsAnAnswer() {
        task.cdb().inquiry(96);
        task.query(Lun.ofNumber(0), 96);
        target.session.submit(task);
        addDataIn(0, "00000502", header -> endGood(header.underflow(true).residualCount(92)));
        target.deliver();
        assertThat(hex(task.dataOrFail())).isEqualTo("00000502");
    }

    @Test
    void senseIsReadWithinWhatThereIs() {
        submit();
        ByteBuf sense = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("00127000030000000000000000001104"));
        target.add(
                        new ScsiResponse(),
                        sense,
                        header -> header.initiatorTaskTag(tag()).status(ScsiStatus.CHECK_CONDITION))
                .deliver();
        assertThat(task.status).isEqualTo(ScsiStatus.CHECK_CONDITION);
        assertThat(task.sense).isEqualTo(new SenseData(SenseKey.MEDIUM_ERROR, 0x1104, false));
    }

    @Test
    void aTargetFailureFailsTheTaskAlone() {
        submit();
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(tag()).response(1))
                .deliver();
        assertThat(task.cause).isInstanceOf(TaskException.class);
        assertThat(target.end).isNull();
    }

    @Test
    void dataBeyondTheEndEndsTheConnection() {
        hostile(header -> header.bufferOffset(1));
    }

    @Test
    void anOffsetThatOverflowsEndsTheConnection() {
        hostile(header -> header.bufferOffset(0xffff_fffc));
    }

    @Test
    void aWrongDataSnEndsTheConnection() {
        hostile(header -> header.dataSn(1));
    }

    @Test
    void aTagThatWasNeverIssuedEndsTheConnection() {
        hostile(header -> header.initiatorTaskTag(0x7fff_ffff));
    }

    @Test
    void theReservedTagEndsTheConnection() {
        hostile(header -> header.initiatorTaskTag(0xffff_ffff));
    }

    @Test
    void aGapInStatSnEndsTheConnection() {
        hostile(header -> endGood(header).statSn(target.statSn + 1));
    }

    @Test
    void theSameDataTwiceEndsTheConnection() {
        submit();
        addDataIn(0, "01020304", header -> {});
        addDataIn(2, "05060708", header -> header.dataSn(1)).deliver();
        assertDropped();
    }

    @Test
    void aLateAnswerIsDroppedQuietlyAndItsStatusCounted() {
        submit();
        int tag = tag();
        addDataIn(0, "0102030405060708", this::endGood).deliver();
        target.statSn++;
        addDataIn(0, "0102030405060708", header -> endGood(header.initiatorTaskTag(tag)))
                .deliver();
        assertThat(target.end).isNull();
        target.statSn++;
        TestTask next = new TestTask();
        next.cdb().testUnitReady();
        next.noData(Lun.ofNumber(0));
        target.session.submit(next);
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(next.initiatorTaskTag()))
                .deliver();
        assertThat(next.data).isNotNull();
    }

    @Test
    void aLostConnectionFailsTheTaskAndReleasesWhatHadCome() {
        submit();
        addDataIn(0, "01020304", header -> {}).deliver();
        var unused = target.channel.close();
        assertDropped();
        TestTask next = new TestTask();
        next.noData(Lun.ofNumber(0));
        target.session.submit(next);
        assertThat(next.cause).isInstanceOf(ConnectionException.class);
    }

    private void submit() {
        task.cdb().read16(0, 1, false);
        task.read(Lun.ofNumber(300), LENGTH);
        target.session.submit(task);
    }

    private int tag() {
        return task.initiatorTaskTag();
    }

    private TestTarget addDataIn(int offset, String hex, Consumer<DataIn> fill) {
        ByteBuf data = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        return target.add(
                new DataIn(),
                data,
                header -> fill.accept(header.initiatorTaskTag(tag()).bufferOffset(offset)));
    }

    private DataIn endGood(DataIn header) {
        return header.finalBit(true).statusBit(true).status(ScsiStatus.GOOD);
    }

    private void hostile(Consumer<DataIn> crime) {
        submit();
        addDataIn(0, "0102030405060708", crime).deliver();
        assertDropped();
    }

    private void assertDropped() {
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
    }

    private static String hex(ByteBuf data) {
        return ByteBufUtil.hexDump(data);
    }
}
