package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Digests;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Header and data digests in the full feature phase, and what a wrong one costs (RFC 7143 section 7.8). */
class DigestTest {

    private static final int DIGEST_BYTES = 4;

    private final TestTarget target =
            new TestTarget(8, 8, TestTarget.keys(new Flow(true, true, true, true, 1), new Digests(true, true)));
    private final TestTask task = new TestTask();

    @AfterEach
    void close() {
        if (task.data != null) {
            task.data.release();
        }
        target.close();
    }

    @Test
    void readDataIsTheReceivedMemoryItself() {
        read(8);
        ByteBuf received = dataIn(0, "abcdefgh", this::endGood).deliver();
        assertThat(task.dataOrFail()).isNotInstanceOf(CompositeByteBuf.class);
        assertThat(task.dataOrFail().memoryAddress())
                .isEqualTo(received.memoryAddress() + BasicHeader.LENGTH_BYTES + DIGEST_BYTES);
    }

    @Test
    void writtenDataIsTheGivenMemoryItself() {
        ByteBuf data = Unpooled.directBuffer().writeZero(1022 + 6);
        task.cdb().write16(0, 1, false);
        task.write(Lun.ofNumber(1), data);
        target.session.submit(task);
        target.add(
                new ReadyToTransfer(),
                header -> header.initiatorTaskTag(tag()).bufferOffset(1024).desiredDataTransferLength(4));
        target.deliver();
        List<TestTarget.Sent> sent = target.sent();
        assertThat(sent.get(0).as(new ScsiCommand()).dataSegmentLength()).isEqualTo(1024);
        assertThat(sent.get(1).as(new DataOut()).dataSegmentLength()).isEqualTo(4);
        data.setByte(5, 0x5a).setByte(1025, 0x77);
        assertThat(sent.get(0).data().getByte(sent.get(0).data().readerIndex() + 5))
                .isEqualTo((byte) 0x5a);
        assertThat(sent.get(1).data().getByte(sent.get(1).data().readerIndex() + 1))
                .isEqualTo((byte) 0x77);
        target.session.close(() -> {});
        data.release();
    }

    @Test
    void damagedDataInFailsItsCommandWhenTheStatusComes() {
        read(8);
        dataIn(0, "abcd", header -> {}).damageLastDigest();
        dataIn(4, "efgh", header -> header.dataSn(1).finalBit(true)).deliver();
        assertThat(task.isDone()).isFalse();
        respond(ScsiStatus.GOOD);
        assertDamaged();
    }

    @Test
    void damagedDataInWithTheStatusFailsItsCommandAtOnce() {
        read(8);
        dataIn(0, "abcd", header -> {});
        dataIn(4, "efgh", header -> endGood(header.dataSn(1))).damageLastDigest();
        target.deliverInPieces(5);
        assertDamaged();
        target.statSn++;
        task.data = null;
        TestTask next = new TestTask();
        next.cdb().testUnitReady();
        next.noData(Lun.ofNumber(1));
        target.session.submit(next);
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(next.initiatorTaskTag()))
                .deliver();
        assertThat(next.data).isNotNull();
    }

    @Test
    void aRefusalAfterDamagedDataIsARefusal() {
        read(8);
        dataIn(0, "abcd", header -> {}).damageLastDigest().deliver();
        respond(ScsiStatus.BUSY);
        assertThat(task.status).isEqualTo(ScsiStatus.BUSY);
    }

    @Test
    void damagedDataOfACommandThatIsOverCostsNothing() {
        read(8);
        int tag = tag();
        respond(ScsiStatus.BUSY);
        target.statSn++;
        dataIn(0, "abcd", header -> header.initiatorTaskTag(tag))
                .damageLastDigest()
                .deliver();
        assertThat(target.end).isNull();
    }

    @Test
    void aTaskMayBeUsedAgainAfterDamage() {
        TestTask other = new TestTask();
        other.cdb().read16(0, 1, false);
        other.read(Lun.ofNumber(1), 4);
        target.session.submit(other);
        target.add(new DataIn(), text("abcd"), header -> endGood(header.initiatorTaskTag(other.initiatorTaskTag())));
        target.damageLastDigest().deliver();
        target.statSn++;
        assertThat(other.cause).isNotNull();
        other.again();
        target.session.submit(other);
        target.add(new DataIn(), text("abcd"), header -> endGood(header.initiatorTaskTag(other.initiatorTaskTag())));
        target.deliver();
        assertThat(other.dataOrFail().toString(StandardCharsets.US_ASCII)).isEqualTo("abcd");
        other.dataOrFail().release();
    }

    @Test
    void thePaddingCountsAsItCame() {
        read(6);
        dataIn(0, "abcdef", this::endGood).damagePadding(6).deliver();
        assertDamaged();
    }

    @Test
    void aDamagedHeaderEndsTheConnection() {
        read(8);
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(tag()))
                .damageLastDigest()
                .deliver();
        assertThat(target.isDropped()).isTrue();
        assertThat(task.cause).isInstanceOf(ConnectionException.class);
    }

    /** It used up a StatSN, which nobody can be asked for again (section 7.8, the last paragraph). */
    @Test
    void damagedDataOfAnyOtherPduEndsTheConnection() {
        read(8);
        target.add(new NopIn(), text("ping"), header -> header.targetTransferTag(7))
                .damageLastDigest()
                .deliver();
        assertThat(target.isDropped()).isTrue();
    }

    private void read(int lengthBytes) {
        task.cdb().read16(0, 1, false);
        task.read(Lun.ofNumber(1), lengthBytes);
        target.session.submit(task);
    }

    private TestTarget dataIn(int offset, String text, Consumer<DataIn> fill) {
        return target.add(
                new DataIn(),
                text(text),
                header -> fill.accept(header.initiatorTaskTag(tag()).bufferOffset(offset)));
    }

    private DataIn endGood(DataIn header) {
        return header.finalBit(true).statusBit(true).status(ScsiStatus.GOOD);
    }

    private void respond(int status) {
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(tag()).status(status))
                .deliver();
    }

    private void assertDamaged() {
        assertThat(task.cause)
                .isInstanceOfSatisfying(
                        TaskException.class,
                        cause -> assertThat(cause.kind()).isEqualTo(TaskException.Kind.DATA_DIGEST));
        assertThat(target.end).isNull();
    }

    private int tag() {
        return task.initiatorTaskTag();
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
