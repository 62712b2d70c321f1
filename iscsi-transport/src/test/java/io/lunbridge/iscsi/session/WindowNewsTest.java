package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every PDU of a target that carries ExpCmdSN and MaxCmdSN may open the window (RFC 7143 section 4.2.2.1). */
class WindowNewsTest {

    enum News {
        NOP_IN,
        DATA_IN,
        READY_TO_TRANSFER,
        SCSI_RESPONSE,
        TEXT_RESPONSE,
        ASYNC_MESSAGE,
        REJECT
    }

    private final TestTarget target = new TestTarget(8, 2, true);
    private final TestTask read = new TestTask();
    private final TestTask write = new TestTask();
    private final TestTask parked = new TestTask();
    private final ByteBuf data = Unpooled.directBuffer().writeZero(2048);

    @AfterEach
    void close() {
        target.close();
        assertThat(data.release()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(News.class)
    void opensTheWindow(News news) {
        read.cdb().read16(0, 1, false);
        read.read(Lun.ofNumber(1), 8);
        target.session.submit(read);
        write.cdb().write16(0, 4, false);
        write.write(Lun.ofNumber(1), data);
        target.session.submit(write);
        parked.cdb().testUnitReady();
        parked.noData(Lun.ofNumber(1));
        target.session.submit(parked);
        target.session.text(Unpooled.copiedBuffer("X-a=?\0", StandardCharsets.US_ASCII), new TextCompletion() {
            @Override
            public void answered(ByteBuf text) {
                text.release();
            }

            @Override
            public void failed(IscsiException cause) {}
        });
        int textTag = textTag();
        assertThat(parked.initiatorTaskTag()).as("its window is closed").isEqualTo(-1);

        target.maxCmdSn++;
        tell(news, textTag);
        target.deliver();

        assertThat(parked.initiatorTaskTag()).isNotEqualTo(-1);
        assertThat(target.end).isNull();
    }

    private int textTag() {
        return target.sent().stream()
                .filter(sent -> (sent.header().getByte(sent.header().readerIndex()) & 0x3f) == 0x04)
                .mapToInt(sent -> sent.as(new ScsiCommand()).initiatorTaskTag())
                .findFirst()
                .orElseThrow();
    }

    private void tell(News news, int textTag) {
        switch (news) {
            case NOP_IN -> target.add(new NopIn(), header -> {});
            case DATA_IN ->
                target.add(
                        new DataIn(),
                        Unpooled.wrappedBuffer(new byte[4]),
                        header ->
                                header.initiatorTaskTag(read.initiatorTaskTag()).statSn(0));
            case READY_TO_TRANSFER ->
                target.add(
                        new ReadyToTransfer(),
                        header -> header.initiatorTaskTag(write.initiatorTaskTag())
                                .bufferOffset(1024)
                                .desiredDataTransferLength(512));
            case SCSI_RESPONSE ->
                target.add(
                        new ScsiResponse(),
                        header ->
                                header.initiatorTaskTag(read.initiatorTaskTag()).status(8));
            case TEXT_RESPONSE -> target.add(new TextResponse(), header -> header.initiatorTaskTag(textTag));
            case ASYNC_MESSAGE -> target.add(new AsyncMessage(), header -> {});
            case REJECT -> {
                ByteBuf rejected = Unpooled.buffer(48).writeZero(48);
                new DataOut().wrapNew(rejected, 0).initiatorTaskTag(write.initiatorTaskTag());
                target.add(new Reject(), rejected, header -> {});
            }
        }
    }
}
