package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a session counts. */
class SessionStatisticsTest {

    private final TestTarget target = new TestTarget(8, 1, true);

    @AfterEach
    void close() {
        target.close();
    }

    @Test
    void theNamesAndTheirOrderAreThoseOfOpenIscsi() {
        assertThat(target.session.statistics().counters().keySet())
                .containsExactlyElementsOf(List.of(("txdata_octets rxdata_octets noptx_pdus scsicmd_pdus tmfcmd_pdus"
                                + " login_pdus text_pdus dataout_pdus logout_pdus snack_pdus noprx_pdus scsirsp_pdus"
                                + " tmfrsp_pdus textrsp_pdus datain_pdus logoutrsp_pdus r2t_pdus async_pdus rjt_pdus"
                                + " digest_err timeout_err")
                        .split(" ")));
    }

    @Test
    void countsPdusAndTheirDataBothWays() {
        ByteBuf written = Unpooled.buffer().writeZero(100);
        TestTask write = new TestTask();
        write.cdb().write16(0, 1, false);
        write.write(new Lun(0), written);
        target.session.submit(write);
        target.add(new ScsiResponse(), header -> header.initiatorTaskTag(write.initiatorTaskTag()))
                .deliver();
        target.statSn++;
        target.maxCmdSn = 10;
        target.add(new NopIn(), header -> header.targetTransferTag(7)).deliver();
        TestTask read = new TestTask();
        read.cdb().read16(0, 1, false);
        read.read(new Lun(0), 8);
        target.session.submit(read);
        target.add(
                        new DataIn(),
                        Unpooled.buffer().writeZero(8),
                        header -> header.initiatorTaskTag(read.initiatorTaskTag())
                                .finalBit(true)
                                .statusBit(true))
                .deliver();
        assertThat(target.session.statistics().counters())
                .containsEntry("txdata_octets", 100L)
                .containsEntry("rxdata_octets", 8L)
                .containsEntry("scsicmd_pdus", 2L)
                .containsEntry("scsirsp_pdus", 1L)
                .containsEntry("noprx_pdus", 1L)
                .containsEntry("noptx_pdus", 1L)
                .containsEntry("datain_pdus", 1L);
        read.dataOrFail().release();
        written.release();
    }

    @Test
    void timesEachStallOfTheWindowOnce() {
        for (int i = 0; i < 3; i++) {
            TestTask task = new TestTask();
            task.cdb().testUnitReady();
            task.noData(new Lun(0));
            target.session.submit(task);
        }
        pass(1500);
        assertThat(target.session.statistics().extended())
                .containsEntry("window_stalls", 1L)
                .containsEntry("window_stalled_ms", 1500L);
        target.maxCmdSn = 10;
        target.add(new NopIn(), header -> {}).deliver();
        pass(1000);
        assertThat(target.session.statistics().extended())
                .containsEntry("window_stalls", 1L)
                .containsEntry("window_stalled_ms", 1500L);
    }

    @Test
    void aTargetThatFallsSilentIsATimeout() {
        for (int i = 0; i < 20; i++) {
            pass(1000);
        }
        assertThat(target.isDropped()).isTrue();
        assertThat(target.session.statistics().counters()).containsEntry("timeout_err", 1L);
    }

    private void pass(long millis) {
        target.channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        target.channel.runScheduledPendingTasks();
    }
}
