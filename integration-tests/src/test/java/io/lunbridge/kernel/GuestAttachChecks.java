package io.lunbridge.kernel;

import static io.lunbridge.interop.Processes.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Feature;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.interop.Waiting;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelDevices;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;

/** Attaches disks of this program to the guest's kernel, by netlink. */
final class GuestAttachChecks {

    private static final Path MOUNT = Path.of("/run/mnt");

    private GuestAttachChecks() {}

    public static void main(String[] arguments) throws Exception {
        Files.createDirectories(MOUNT);
        GuestChecks checks = new GuestChecks();
        checks.check("a kernel without an nbd module is named as such", GuestAttachChecks::noModule);
        checks.check("the module is loaded and the device has the disk's limits", GuestAttachChecks::limits);
        checks.check("a file system survives detach and attach", GuestAttachChecks::fileSystem);
        checks.check("what is read is what was written, large and direct", GuestAttachChecks::largeTransfers);
        checks.check("a mounted device is not detached, unless forced", GuestAttachChecks::mounted);
        checks.check("a mounted partition keeps its disk attached", GuestAttachChecks::mountedPartition);
        checks.check("an exclusive user that no list shows keeps it attached", GuestAttachChecks::mountedElsewhere);
        checks.check("a process that has it open keeps it attached", GuestAttachChecks::open);
        checks.check("flags set cache mode and FUA", GuestAttachChecks::cacheFlags);
        checks.check("a read-only export makes a read-only device", GuestAttachChecks::readOnly);
        checks.check("discard reaches the disk, and only where it can", GuestAttachChecks::discard);
        checks.check("a busy device is refused and its owner undisturbed", GuestAttachChecks::busy);
        checks.check("an impossible number is refused", GuestAttachChecks::badNumber);
        checks.finish();
        System.exit(0);
    }

    private static void noModule() throws Exception {
        run("mount", "-t", "tmpfs", "none", "/lib/modules");
        try {
            KernelException refusal = GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory()));
            assertThat(refusal.kind()).isEqualTo(Kind.NO_DRIVER);
            assertThat(refusal).hasMessageContaining("nbd module");
        } finally {
            run("umount", "/lib/modules");
        }
    }

    private static void limits() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory());
        assertThat(GuestDisk.KERNEL.list())
                .containsExactly(
                        new AttachedDevice(attachment.device(), GuestDisk.SIZE_BYTES, false, GuestDisk.IDENTIFIER));
        assertThat(run("blockdev", "--getsize64", attachment.device().path())
                        .output()
                        .strip())
                .isEqualTo(Long.toString(GuestDisk.SIZE_BYTES));
        assertThat(GuestDisk.sysfs(attachment, "queue/logical_block_size")).isEqualTo("512");
        assertThat(GuestDisk.sysfs(attachment, "queue/io_timeout")).isEqualTo("5000");
        assertThat(GuestDisk.sysfs(attachment, "queue/max_sectors_kb")).isEqualTo("1024");
        assertThat(GuestDisk.sysfs(attachment, "queue/scheduler")).contains("[none]");
        GuestDisk.detach(attachment);
        assertThat(GuestDisk.KERNEL.list()).isEmpty();
    }

    private static void fileSystem() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        Path file = MOUNT.resolve("file");
        KernelAttachment first = GuestDisk.attach(disk);
        run("mkfs.ext4", "-q", first.device().path());
        run("mount", first.device().path(), MOUNT.toString());
        run("dd", "if=/dev/urandom", "of=" + file, "bs=1M", "count=24");
        String sum = run("sha256sum", file.toString()).output();
        run("umount", MOUNT.toString());
        GuestDisk.detach(first);

        KernelAttachment second = GuestDisk.attach(disk);
        run("fsck.ext4", "-f", "-n", second.device().path());
        run("mount", second.device().path(), MOUNT.toString());
        assertThat(run("sha256sum", file.toString()).output()).isEqualTo(sum);
        run("umount", MOUNT.toString());
        GuestDisk.detach(second);
    }

    private static void largeTransfers() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory());
        String path = attachment.device().path();
        Path image = Path.of("/run/image");
        run("dd", "if=/dev/urandom", "of=" + image, "bs=1M", "count=32");
        run("dd", "if=" + image, "of=" + path, "bs=4M", "oflag=direct", "seek=3");
        run("dd", "if=" + path, "of=/run/back", "bs=4M", "iflag=direct", "skip=3", "count=8");
        run("cmp", image.toString(), "/run/back");
        run("rm", image.toString(), "/run/back");
        GuestDisk.detach(attachment);
    }

    private static void mounted() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory());
        NbdDevice device = attachment.device();
        run("mkfs.ext4", "-q", device.path());
        run("mount", device.path(), MOUNT.toString());
        KernelException refusal = GuestDisk.refusal(() -> GuestDisk.detach(device, false));
        assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
        assertThat(refusal).hasMessageContaining(MOUNT.toString());
        run("dd", "if=/dev/zero", "of=" + MOUNT.resolve("still-works"), "bs=4k", "count=1", "conv=fsync");
        assertThat(GuestDisk.detach(device, true)).isEqualTo(KernelDevices.Detached.HELD_OPEN);
        run("umount", MOUNT.toString());
        attachment.connection().terminated().get();
        GuestDisk.detach(GuestDisk.attach(GuestDisk.memory(), device, AttachOptions.DEFAULT));
    }

    private static void mountedPartition() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestTable.partitioned());
        String partition = attachment.device().path() + "p1";
        assertThat(Path.of(partition)).exists();
        run("mkfs.ext4", "-q", partition);
        run("mount", partition, MOUNT.toString());
        KernelException refusal = GuestDisk.refusal(() -> GuestDisk.detach(attachment.device(), false));
        assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
        assertThat(refusal).hasMessageContaining(MOUNT.toString());
        run("umount", MOUNT.toString());
        GuestDisk.detach(attachment);
        assertThat(Path.of(partition)).doesNotExist();
    }

    private static void mountedElsewhere() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory());
        String path = attachment.device().path();
        run("mkfs.ext4", "-q", path);
        Process other = new ProcessBuilder(
                        "unshare", "-m", "sh", "-c", "mount " + path + " " + MOUNT + " && echo mounted && exec cat")
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("mounted");
            KernelException refusal = GuestDisk.refusal(() -> GuestDisk.detach(attachment.device(), false));
            assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
        } finally {
            other.destroyForcibly().waitFor();
        }
        Waiting.until(
                Duration.ofSeconds(10),
                () -> GuestTable.statusOf("fsck.ext4", "-p", path) == 0,
                () -> "still mounted in a namespace that is gone");
        GuestDisk.detach(attachment);
    }

    private static void open() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory());
        Process other = new ProcessBuilder("sh", "-c", "exec 3<>" + attachment.device() + " && echo opened && exec cat")
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("opened");
            KernelException refusal = GuestDisk.refusal(() -> GuestDisk.detach(attachment.device(), false));
            assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
            assertThat(refusal).hasMessageContainingAll("process " + other.pid(), "cat");
        } finally {
            other.destroyForcibly().waitFor();
        }
        GuestDisk.detach(attachment);
    }

    private static void cacheFlags() throws Exception {
        KernelAttachment flush = GuestDisk.attach(GuestDisk.memory(EnumSet.of(Feature.WRITE, Feature.FLUSH)));
        KernelAttachment both =
                GuestDisk.attach(GuestDisk.memory(EnumSet.of(Feature.WRITE, Feature.FLUSH, Feature.DURABLE_WRITE)));
        assertThat(both.device()).isNotEqualTo(flush.device());
        assertThat(GuestDisk.sysfs(flush, "queue/write_cache")).isEqualTo("write back");
        assertThat(GuestDisk.sysfs(flush, "queue/fua")).isEqualTo("0");
        assertThat(GuestDisk.sysfs(both, "queue/write_cache")).isEqualTo("write back");
        assertThat(GuestDisk.sysfs(both, "queue/fua")).isEqualTo("1");
        GuestDisk.detach(flush);
        GuestDisk.detach(both);
    }

    private static void readOnly() throws Exception {
        Export export = new Export("", "", GuestDisk.memory(), true);
        KernelAttachment attachment = GuestDisk.attach(export, null, AttachOptions.DEFAULT);
        assertThat(GuestDisk.sysfs(attachment, "ro")).isEqualTo("1");
        assertThat(GuestDisk.KERNEL.list()).allMatch(AttachedDevice::readOnly);
        assertThat(GuestTable.statusOf("dd", "if=/dev/zero", "of=" + attachment.device(), "bs=4k", "count=1"))
                .isNotZero();
        GuestDisk.detach(attachment);
    }

    private static void discard() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment attachment = GuestDisk.attach(disk);
        run("dd", "if=/dev/urandom", "of=" + attachment.device(), "bs=1M", "count=8", "oflag=direct");
        assertThat(disk.bytes().allocatedPages()).isEqualTo(8 << 20 >> 9);
        run("blkdiscard", "-o", "1048576", "-l", "4194304", attachment.device().path());
        assertThat(disk.bytes().allocatedPages()).isEqualTo(4 << 20 >> 9);
        GuestDisk.detach(attachment);

        KernelAttachment thick = GuestDisk.attach(GuestDisk.memory(EnumSet.of(Feature.WRITE, Feature.FLUSH)));
        assertThat(GuestDisk.sysfs(thick, "queue/discard_max_bytes")).isEqualTo("0");
        GuestDisk.detach(thick);
    }

    private static void busy() throws Exception {
        KernelAttachment owner = GuestDisk.attach(GuestDisk.memory());
        KernelException refusal =
                GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory(), owner.device(), AttachOptions.DEFAULT));
        assertThat(refusal.kind()).isEqualTo(Kind.DEVICE_BUSY);
        assertThat(refusal).hasMessageContainingAll(owner.device().path(), GuestDisk.IDENTIFIER);
        run("dd", "if=" + owner.device(), "of=/dev/null", "bs=1M", "count=4", "iflag=direct");
        GuestDisk.detach(owner);
    }

    private static void badNumber() throws Exception {
        KernelException refusal = GuestDisk.refusal(
                () -> GuestDisk.attach(GuestDisk.memory(), new NbdDevice(900_000), AttachOptions.DEFAULT));
        assertThat(refusal.kind()).isEqualTo(Kind.BAD_DEVICE);
    }
}
