package io.lunbridge.kernel;

import static io.lunbridge.interop.Processes.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachOptions.Method;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs in a network namespace of its own, where the driver's netlink cannot be reached: what is left is ioctl. */
final class GuestNamespaceChecks {

    private static final AttachOptions IOCTL = AttachOptions.DEFAULT.with(Method.IOCTL);
    private static final Path MOUNT = Path.of("/run/mnt");

    private GuestNamespaceChecks() {}

    public static void main(String[] arguments) {
        GuestChecks checks = new GuestChecks();
        checks.check("another network namespace is named as the obstacle", GuestNamespaceChecks::otherNamespace);
        checks.check("by ioctl a file system survives detach and attach", GuestNamespaceChecks::fileSystem);
        checks.check("by ioctl a busy device is refused, its owner undisturbed", GuestNamespaceChecks::busy);
        checks.check("no signal can end a device held by ioctl", GuestNamespaceChecks::signals);
        checks.check("by ioctl a device that was never made is refused", GuestNamespaceChecks::noNode);
        checks.finish();
        System.exit(0);
    }

    private static void otherNamespace() throws Exception {
        KernelException refusal = GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory()));
        assertThat(refusal.kind()).isEqualTo(Kind.WRONG_NETWORK_NAMESPACE);
        assertThat(refusal).hasMessageContaining("nsenter");
    }

    private static void fileSystem() throws Exception {
        MemoryBlockDevice disk = GuestDisk.memory();
        KernelAttachment first = GuestDisk.attach(disk, null, IOCTL);
        run("mkfs.ext4", "-q", first.device().path());
        run("mount", first.device().path(), MOUNT.toString());
        run("dd", "if=/dev/urandom", "of=" + MOUNT + "/file", "bs=1M", "count=8");
        String sum = run("sha256sum", MOUNT + "/file").output();
        assertThat(GuestDisk.refusal(() -> GuestDisk.detach(first.device(), false))
                        .kind())
                .isEqualTo(Kind.IN_USE);
        run("umount", MOUNT.toString());
        GuestDisk.detach(first);

        KernelAttachment second = GuestDisk.attach(disk, first.device(), IOCTL);
        run("fsck.ext4", "-f", "-n", second.device().path());
        run("mount", second.device().path(), MOUNT.toString());
        assertThat(run("sha256sum", MOUNT + "/file").output()).isEqualTo(sum);
        run("umount", MOUNT.toString());
        GuestDisk.detach(second);
    }

    private static void busy() throws Exception {
        KernelAttachment owner = GuestDisk.attach(GuestDisk.memory(), null, IOCTL);
        KernelException refusal = GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory(), owner.device(), IOCTL));
        assertThat(refusal.kind()).isEqualTo(Kind.DEVICE_BUSY);
        run("dd", "if=" + owner.device(), "of=/dev/null", "bs=1M", "count=4", "iflag=direct");
        GuestDisk.detach(owner);
    }

    private static void signals() throws Exception {
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory(), null, IOCTL);
        String thread = GuestDisk.sysfs(attachment, "pid");
        String blocked = Files.readAllLines(Path.of("/proc", thread, "status")).stream()
                .filter(line -> line.startsWith("SigBlk:"))
                .findFirst()
                .orElseThrow()
                .substring("SigBlk:".length())
                .strip();
        BigInteger signals = new BigInteger(blocked, 16);
        assertThat(signals.testBit(2)).as("SIGQUIT").isTrue();
        assertThat(signals.testBit(11)).as("SIGUSR2").isTrue();
        assertThat(signals.testBit(14)).as("SIGTERM").isTrue();
        assertThat(signals.testBit(10)).as("SIGSEGV").isFalse();
        GuestDisk.detach(attachment);
    }

    private static void noNode() throws Exception {
        KernelException refusal =
                GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory(), new NbdDevice(777), IOCTL));
        assertThat(refusal.kind()).isEqualTo(Kind.BAD_DEVICE);
    }
}
