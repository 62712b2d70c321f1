package io.lunbridge.iscsi.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.TestTarget;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which LUNs there are, also where there is no LUN 0. */
class ReportLunsTest {

    private static final String NO_SUCH_UNIT = "70000500000000000000000025000000";

    private final TestTarget target = new TestTarget(8, 100, true);
    private final List<String> outcomes = new ArrayList<>();

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void withoutLunZeroTheWellKnownUnitIsAsked() {
        ask();
        ScsiCommand first = sent();
        assertThat(first.lun()).isZero();
        refuse(first, NO_SUCH_UNIT);
        ScsiCommand second = sent();
        assertThat(second.lun()).isEqualTo(0xc101L << 48);
        answer(second, "0000001000000000" + "0005000000000000" + "412c000000000000");
        assertThat(outcomes).containsExactly("[5, 300]");
    }

    @Test
    void whereThatIsRefusedTooItIsTold() {
        ask();
        refuse(sent(), NO_SUCH_UNIT);
        refuse(sent(), NO_SUCH_UNIT);
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0)).contains("illegal request 25h/00h");
    }

    @Test
    void aBusyUnitIsAskedAgainAndNotTakenForOneThatDoesNotExist() {
        ask();
        int busyTag = sent().initiatorTaskTag();
        target.add(
                        new ScsiResponse(),
                        Unpooled.EMPTY_BUFFER,
                        header -> header.initiatorTaskTag(busyTag).status(ScsiStatus.BUSY))
                .deliver();
        target.statSn++;
        assertThat(target.sent()).isEmpty();
        target.channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        target.channel.runScheduledPendingTasks();
        ScsiCommand second = sent();
        assertThat(second.lun()).isZero();
        answer(second, "0000000800000000" + "0005000000000000");
        assertThat(outcomes).containsExactly("[5]");
    }

    @Test
    void theLunGoesBackAsItCame() {
        Lun lun = new Lun(0x412c_0000_0000_0000L);
        assertThat(lun).isEqualTo(Lun.ofNumber(300)).hasToString("300");
        assertThat(new Lun(0x0005_0000_0000_0000L)).isEqualTo(Lun.ofNumber(5));
    }

    private void ask() {
        ReportLuns.ask(target.session, new LunListing() {
            @Override
            public void listed(List<Lun> luns) {
                outcomes.add(luns.toString());
            }

            @Override
            public void refused(String reason) {
                outcomes.add(reason);
            }

            @Override
            public void failed(IscsiException cause) {
                outcomes.add("failed: " + cause.getMessage());
            }
        });
    }

    private ScsiCommand sent() {
        return target.sentOne().as(new ScsiCommand());
    }

    private void refuse(ScsiCommand command, String sense) {
        ByteBuf bytes = hex(sense);
        int tag = command.initiatorTaskTag();
        target.add(
                        new ScsiResponse(),
                        Unpooled.buffer().writeShort(bytes.readableBytes()).writeBytes(bytes),
                        header -> header.initiatorTaskTag(tag).status(ScsiStatus.CHECK_CONDITION))
                .deliver();
        target.statSn++;
    }

    private void answer(ScsiCommand command, String data) {
        ByteBuf bytes = hex(data);
        int tag = command.initiatorTaskTag();
        int missing = command.expectedDataTransferLength() - bytes.readableBytes();
        target.add(
                        new DataIn(),
                        bytes,
                        header -> header.initiatorTaskTag(tag)
                                .finalBit(true)
                                .statusBit(true)
                                .underflow(true)
                                .residualCount(missing))
                .deliver();
        target.statSn++;
    }

    private static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(digits));
    }
}
