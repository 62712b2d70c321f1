package io.lunbridge.kernel;

import static io.lunbridge.interop.Processes.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.interop.BackgroundProcess;
import io.lunbridge.interop.Waiting;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelAttachment.Standing;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** Disks that grow, shrink, become read-only or vanish while they are attached and used. */
final class GuestLifeGeometryChecks {

    private static final Path MOUNT = Path.of("/run/mnt");
    private static final long MORE_BYTES = 32L << 20;
    private static final Set<Feature> WRITABLE = EnumSet.of(Feature.WRITE, Feature.FLUSH, Feature.DISCARD);

    private GuestLifeGeometryChecks() {}

    static void addTo(GuestChecks checks) throws Exception {
        Files.createDirectories(MOUNT);
        checks.check(
                "a disk that grows under load is larger at once, file system included", GuestLifeGeometryChecks::grown);
        checks.check("partitions follow a disk that grows", GuestLifeGeometryChecks::partitions);
        checks.check("what grew while no process was there follows", GuestLifeGeometryChecks::grownMeanwhile);
        checks.check("a mounted device does not shrink before it is released", GuestLifeGeometryChecks::shrunk);
        checks.check("read-only and back, under a file system", GuestLifeGeometryChecks::readOnly);
        checks.check("write-protected at first, writable later", GuestLifeGeometryChecks::protectedAtFirst);
        checks.check("discard goes and comes back", GuestLifeGeometryChecks::discard);
        checks.check("a disk that is gone fails at once", GuestLifeGeometryChecks::gone);
    }

    private static void grown() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        String path = attachment.device().path();
        run("mkfs.ext4", "-q", path);
        run("mount", path, MOUNT.toString());
        Path stop = Path.of("/run/stop");
        String write = "dd if=/dev/urandom of=" + MOUNT + "/f bs=1M count=8 conv=fsync";
        try (BackgroundProcess load =
                BackgroundProcess.start("sh", "-c", "until test -e " + stop + "; do " + write + " || exit; done")) {
            change(disk, GuestDisk.SIZE_BYTES + MORE_BYTES, WRITABLE);
            awaitSize(attachment.device(), GuestDisk.SIZE_BYTES + MORE_BYTES);
            assertThat(run("blockdev", "--getsize64", path).output().strip())
                    .isEqualTo(Long.toString(GuestDisk.SIZE_BYTES + MORE_BYTES));
            run("resize2fs", path);
            Files.createFile(stop);
            assertThat(load.awaitExit(GuestLife.LIMIT)).isZero();
        }
        assertThat(MOUNT.toFile().getTotalSpace()).isGreaterThan(GuestDisk.SIZE_BYTES);
        assertThat(attachment.standing()).isEqualTo(Standing.CURRENT);
        run("umount", MOUNT.toString());
        run("fsck.ext4", "-f", "-n", path);
        GuestDisk.detach(attachment);
    }

    private static void partitions() throws Exception {
        MemoryBlockDevice disk = GuestTable.partitioned(GuestDisk.SIZE_BYTES + MORE_BYTES);
        KernelAttachment attachment = GuestLife.attach(disk);
        Path size = Path.of(
                "/sys/block", attachment.device().name(), attachment.device().name() + "p1", "size");
        long before = Long.parseLong(Files.readString(size).strip());
        change(disk, GuestDisk.SIZE_BYTES + MORE_BYTES, WRITABLE);
        Waiting.until(
                GuestLife.LIMIT, () -> sectors(size) == before + MORE_BYTES / 512, () -> "still " + sectors(size));
        GuestDisk.detach(attachment);
    }

    private static void grownMeanwhile() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment first = GuestLife.attach(disk);
        GuestLife.release(first, 20_000);
        change(disk, GuestDisk.SIZE_BYTES + MORE_BYTES, WRITABLE);
        KernelAttachment second = GuestLife.reattach(first.device(), disk);
        awaitSize(first.device(), GuestDisk.SIZE_BYTES + MORE_BYTES);
        GuestDisk.detach(second);
    }

    private static void shrunk() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        NbdDevice device = attachment.device();
        run("mkfs.ext4", "-q", device.path(), "40M");
        run("mount", device.path(), MOUNT.toString());
        change(disk, GuestDisk.SIZE_BYTES / 2, WRITABLE);
        awaitStanding(attachment, Standing.SHRUNK);
        assertThat(sizeBytes(device)).isEqualTo(GuestDisk.SIZE_BYTES);
        run("dd", "if=/dev/zero", "of=" + MOUNT.resolve("still-works"), "bs=4k", "count=1", "conv=fsync");
        try (BackgroundProcess reader = GuestLife.reader(device, 80)) {
            assertThat(reader.awaitExit(GuestLife.LIMIT)).as("beyond the end").isNotZero();
        }
        run("umount", MOUNT.toString());
        awaitSize(device, GuestDisk.SIZE_BYTES / 2);
        awaitStanding(attachment, Standing.CURRENT);
        GuestDisk.detach(attachment);
    }

    private static void readOnly() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        String path = attachment.device().path();
        run("mkfs.ext4", "-q", path);
        run("mount", path, MOUNT.toString());
        change(disk, GuestDisk.SIZE_BYTES, Set.of());
        awaitReadOnly(attachment, true);
        assertThat(GuestTable.statusOf("dd", "if=/dev/zero", "of=" + MOUNT + "/f", "bs=4k", "count=1", "conv=fsync"))
                .isNotZero();
        change(disk, GuestDisk.SIZE_BYTES, WRITABLE);
        awaitReadOnly(attachment, false);
        run("umount", MOUNT.toString());
        run("fsck.ext4", "-p", path);
        run("mount", path, MOUNT.toString());
        run("dd", "if=/dev/zero", "of=" + MOUNT.resolve("works"), "bs=4k", "count=1", "conv=fsync");
        run("umount", MOUNT.toString());
        GuestDisk.detach(attachment);
    }

    private static void protectedAtFirst() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory(Set.of());
        KernelAttachment attachment = GuestLife.attach(disk);
        String path = attachment.device().path();
        assertThat(GuestDisk.sysfs(attachment, "ro")).isEqualTo("1");
        assertThat(GuestTable.statusOf("dd", "if=/dev/zero", "of=" + path, "bs=4k", "count=1"))
                .isNotZero();
        change(disk, GuestDisk.SIZE_BYTES, WRITABLE);
        awaitReadOnly(attachment, false);
        run("dd", "if=/dev/urandom", "of=" + path, "bs=4k", "count=1", "oflag=direct");
        assertThat(disk.bytes().allocatedPages()).isPositive();
        assertThat(GuestDisk.sysfs(attachment, "queue/write_cache")).isEqualTo("write back");
        GuestDisk.detach(attachment);
    }

    private static void discard() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        assertThat(GuestDisk.sysfs(attachment, "queue/discard_max_bytes")).isNotEqualTo("0");
        change(disk, GuestDisk.SIZE_BYTES, Set.of(Feature.WRITE, Feature.FLUSH));
        Path most = Path.of("/sys/block", attachment.device().name(), "queue/discard_max_bytes");
        Waiting.until(GuestLife.LIMIT, () -> sectors(most) == 0, () -> "still " + sectors(most));
        assertThat(GuestTable.statusOf("blkdiscard", attachment.device().path()))
                .isNotZero();
        change(disk, GuestDisk.SIZE_BYTES, WRITABLE);
        Waiting.until(GuestLife.LIMIT, () -> sectors(most) > 0, () -> "still none");
        run("blkdiscard", attachment.device().path());
        GuestDisk.detach(attachment);
    }

    private static void gone() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        disk.eventLoop()
                .submit(() -> disk.vanish(new BlockException(BlockError.IO, "taken away")))
                .get();
        awaitStanding(attachment, Standing.GONE);
        assertThat(GuestLife.reads(attachment.device())).isFalse();
        GuestDisk.detach(attachment.device(), true);
    }

    private static void change(MemoryBlockDevice disk, long sizeBytes, Set<Feature> features) throws Exception {
        Geometry now = disk.geometry();
        Geometry next =
                new Geometry(sizeBytes, now.blockBytes(), now.preferredBytes(), now.maxTransferBytes(), features);
        disk.eventLoop().submit(() -> disk.change(next)).get();
    }

    private static void awaitSize(NbdDevice device, long sizeBytes) {
        Waiting.until(GuestLife.LIMIT, () -> sizeBytes(device) == sizeBytes, () -> "the size is " + sizeBytes(device));
    }

    private static void awaitStanding(KernelAttachment attachment, Standing standing) {
        Waiting.until(GuestLife.LIMIT, () -> attachment.standing() == standing, () -> "it is " + attachment.standing());
    }

    private static void awaitReadOnly(KernelAttachment attachment, boolean readOnly) {
        Path file = Path.of("/sys/block", attachment.device().name(), "ro");
        Waiting.until(GuestLife.LIMIT, () -> sectors(file) == (readOnly ? 1 : 0), () -> "read-only: " + !readOnly);
    }

    private static long sizeBytes(NbdDevice device) {
        return sectors(Path.of("/sys/block", device.name(), "size")) * 512;
    }

    /** -1 without such a file: partitions are gone for a moment while they are looked for. */
    private static long sectors(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            return -1;
        }
    }
}
