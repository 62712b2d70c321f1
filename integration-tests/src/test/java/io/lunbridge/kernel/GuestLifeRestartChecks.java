package io.lunbridge.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.interop.BackgroundProcess;
import io.lunbridge.interop.Waiting;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Planned restarts under load: what whoever uses the device sees of a release and a reattach. */
final class GuestLifeRestartChecks {

    private static final int ROUNDS = 3;
    private static final long PAUSE_MILLIS_MAX = 3000;

    /** Of fio's terse format, version 3: the longest that a write took, in microseconds. */
    private static final int LONGEST_WRITE_FIELD = 79;

    private GuestLifeRestartChecks() {}

    static void addTo(GuestChecks checks) {
        checks.check(
                "released and taken over under load: no error, and a short pause", GuestLifeRestartChecks::underLoad);
    }

    private static void underLoad() throws Exception {
        BlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestDisk.attach(disk, null, AttachOptions.DEFAULT);
        NbdDevice device = attachment.device();
        try (BackgroundProcess fio = BackgroundProcess.start(
                "fio",
                "--name=load",
                "--filename=" + device,
                "--direct=1",
                "--ioengine=libaio",
                "--iodepth=32",
                "--rw=randwrite",
                "--bs=4k",
                "--time_based",
                "--runtime=15",
                "--output-format=terse",
                "--terse-version=3")) {
            for (int round = 0; round < ROUNDS; round++) {
                awaitWrites(device);
                GuestLife.release(attachment, 20_000);
                attachment = GuestLife.reattach(device, disk, GuestDisk.IDENTIFIER, AttachOptions.DEFAULT);
            }
            assertThat(fio.awaitExit(GuestLife.LIMIT)).as(fio.output()).isZero();
            String[] fields = fio.output().strip().split(";", -1);
            long pauseMillis = Long.parseLong(fields[LONGEST_WRITE_FIELD]) / 1000;
            System.out.println("figure longest write across " + ROUNDS + " planned restarts: " + pauseMillis + " ms");
            assertThat(pauseMillis).isLessThan(PAUSE_MILLIS_MAX);
        }
        GuestDisk.detach(attachment);
    }

    private static void awaitWrites(NbdDevice device) {
        long before = writes(device);
        Waiting.until(GuestLife.LIMIT, () -> writes(device) > before + 1000, () -> "no load");
    }

    private static long writes(NbdDevice device) {
        try {
            String[] statistics = Files.readString(Path.of("/sys/block", device.name(), "stat"))
                    .strip()
                    .split(" +", -1);
            return Long.parseLong(statistics[4]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
