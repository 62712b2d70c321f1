package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.DeviceUnderTest;
import io.lunbridge.block.Feature;
import io.lunbridge.block.RecordingCompletion;
import io.lunbridge.block.TestLoop;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.Lun;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units of a real target that are large, far up the numbers, or change while they are used. */
@NeedsTools({"tgtd", "tgtadm"})
class TgtUnitsTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final long TEBIBYTE = 1L << 40;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final TestLoop loop = TestLoop.nio();
    private TgtTarget target;

    @BeforeEach
    void start() {
        target = TgtTarget.start();
    }

    @AfterEach
    void close() {
        target.close();
        loop.close();
    }

    @Test
    void aUnitNumberedAbove255() {
        target.addLunAt(300, target.newFile(MEBIBYTE), "rdwr");
        Session session = open();
        writesAndReads(disk(session, 300), 4096);
        ScsiDiskOnTgt.close(session);
    }

    @Test
    void aUnitBeyondTwoTebibytes() {
        int lun = target.addFileLun(3 * TEBIBYTE);
        Session session = open();
        DeviceUnderTest disk = disk(session, lun);
        assertThat(disk.geometry().sizeBytes()).isEqualTo(3 * TEBIBYTE);
        writesAndReads(disk, 3 * TEBIBYTE - 4096);
        writesAndReads(disk, 2 * TEBIBYTE - 2048);
        assertThat(disk.read(3 * TEBIBYTE - 4096 - 2 * TEBIBYTE, 4096))
                .as("no wrap")
                .containsOnly(0);
        ScsiDiskOnTgt.close(session);
    }

    @Test
    void newsOfOtherUnitsDisturbNobody() {
        int lun = target.addFileLun(MEBIBYTE);
        Session session = open();
        DeviceUnderTest disk = disk(session, lun);
        for (int i = 0; i < 3; i++) {
            target.addFileLun(MEBIBYTE);
            writesAndReads(disk, 4096);
        }
        ScsiDiskOnTgt.close(session);
    }

    @Test
    void aUnitThatIsTakenAwayIsAnErrorSoon() {
        int lun = target.addFileLun(MEBIBYTE);
        Session session = open();
        DeviceUnderTest disk = disk(session, lun);
        writesAndReads(disk, 0);
        target.removeLun(lun);
        RecordingCompletion read = disk.startRead(0, 4096);
        Waiting.until(LIMIT, read::isDone, () -> "no error");
        assertThat(read.error()).isEqualTo(BlockError.IO);
        ScsiDiskOnTgt.close(session);
    }

    @Test
    void aUnitThatBecomesWriteProtectedIsReadOnlyAndComesBack() {
        int lun = target.addFileLun(MEBIBYTE);
        Session session = open();
        DeviceUnderTest disk = disk(session, lun);
        target.update(lun, "readonly=1");
        RecordingCompletion write = disk.startWrite(0, new byte[4096]);
        Waiting.until(LIMIT, write::isDone, () -> "no error");
        assertThat(write.error()).isEqualTo(BlockError.NOT_PERMITTED);
        assertThat(disk.geometry().has(Feature.WRITE)).isFalse();
        target.update(lun, "readonly=0");
        target.addFileLun(MEBIBYTE);
        assertThat(disk.read(0, 4096)).as("brings the news").containsOnly(0);
        Waiting.until(LIMIT, () -> disk.geometry().has(Feature.WRITE), () -> "still read-only");
        writesAndReads(disk, 0);
        ScsiDiskOnTgt.close(session);
    }

    private Session open() {
        return ScsiDiskOnTgt.openSession(loop.loop(), ScsiDiskOnTgt.config(target));
    }

    private DeviceUnderTest disk(Session session, int lun) {
        ScsiDisk disk = ScsiDiskOnTgt.openDisk(session, Lun.ofNumber(lun));
        return new DeviceUnderTest(disk, loop);
    }

    private static void writesAndReads(DeviceUnderTest disk, long offsetBytes) {
        byte[] data = new byte[4096];
        Arrays.fill(data, (byte) (offsetBytes >>> 12 ^ 0x5a));
        disk.write(offsetBytes, data);
        assertThat(disk.read(offsetBytes, data.length)).isEqualTo(data);
    }
}
