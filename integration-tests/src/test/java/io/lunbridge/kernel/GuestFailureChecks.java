package io.lunbridge.kernel;

import static io.lunbridge.interop.Processes.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.DelayedBlockDevice;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.TestRequest;
import io.lunbridge.interop.BackgroundProcess;
import io.lunbridge.interop.Waiting;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachOptions.Method;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** Attaches disks that do not work, and owners that die. Runs after {@link GuestAttachChecks}, so devices exist. */
final class GuestFailureChecks {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private GuestFailureChecks() {}

    public static void main(String[] arguments) throws Exception {
        GuestDisk.detach(GuestDisk.attach(GuestDisk.memory()));
        GuestChecks checks = new GuestChecks();
        checks.check("a disk whose reads fail is not attached, and nothing is left", GuestFailureChecks::failingReads);
        checks.check("a disk that never answers is not attached, and nothing is left", GuestFailureChecks::noAnswer);
        checks.check("a slow answer costs nothing but time", GuestFailureChecks::slowAnswer);
        checks.check("a dead connection fails requests after its timeout", GuestFailureChecks::deadConnection);
        checks.check("a device without a node is not attached", GuestFailureChecks::noNode);
        checks.check("netlink takes away what ioctl attached", GuestFailureChecks::attachedByIoctl);
        checks.check("nothing is detached that is not attached", GuestFailureChecks::notAttached);
        checks.check("another process can detach, and the owner notices", GuestFailureChecks::detachedByAnother);
        checks.check("a device outlives its killed owner", GuestFailureChecks::killedOwner);
        checks.finish();
        System.exit(0);
    }

    private static void failingReads() throws Exception {
        long descriptors = descriptors();
        FaultyBlockDevice disk =
                new FaultyBlockDevice(GuestDisk.memory()).failing(request -> request.kind() == TestRequest.Kind.READ);
        KernelException refusal = GuestDisk.refusal(() -> GuestDisk.attach(disk));
        assertThat(refusal.kind()).isEqualTo(Kind.NOT_USABLE);
        assertThat(refusal).hasMessageContaining("first read");
        nothingIsLeft(descriptors);
    }

    private static void noAnswer() throws Exception {
        long descriptors = descriptors();
        DelayedBlockDevice disk = new DelayedBlockDevice(GuestDisk.memory(), 1);
        AttachOptions options = new AttachOptions(Method.BEST, 600, 1000, 2000);
        KernelException refusal = GuestDisk.refusal(() -> GuestDisk.attach(disk, null, options));
        assertThat(refusal.kind()).isEqualTo(Kind.NOT_USABLE);
        disk.eventLoop().submit(disk::releaseAll).sync();
        nothingIsLeft(descriptors);
    }

    /** The kernel's tick is made short, and it must have looked at the request and let it be. */
    private static void slowAnswer() throws Exception {
        DelayedBlockDevice disk = new DelayedBlockDevice(GuestDisk.memory(), 1).releasingWithin(1);
        AttachOptions options = new AttachOptions(Method.BEST, 600, 1000, 20_000);
        KernelAttachment attachment = GuestDisk.attach(disk, null, options);
        run("dmesg", "--clear");
        disk.eventLoop().submit(() -> disk.releasingWithin(0)).sync();
        try (BackgroundProcess reader = BackgroundProcess.start(
                "dd", "if=" + attachment.device(), "of=/dev/null", "bs=1M", "count=1", "skip=7", "iflag=direct")) {
            Waiting.until(LIMIT, () -> run("dmesg").output().contains("stuck request"), () -> "no tick");
            disk.eventLoop().submit(() -> disk.releasingWithin(1).releaseAll()).sync();
            assertThat(reader.awaitExit(LIMIT)).isZero();
        }
        GuestDisk.detach(attachment);
    }

    private static void deadConnection() throws Exception {
        AttachOptions options = new AttachOptions(Method.BEST, 2, 1000, 20_000);
        KernelAttachment attachment = GuestDisk.attach(GuestDisk.memory(), null, options);
        attachment.release(20_000).get();
        assertThat(GuestDisk.KERNEL.list()).extracting(AttachedDevice::device).containsExactly(attachment.device());
        assertThat(GuestTable.statusOf(
                        "dd", "if=" + attachment.device(), "of=/dev/null", "count=8", "skip=4096", "iflag=direct"))
                .isNotZero();
        assertThat(attachment.ended().get()).isEqualTo(KernelAttachment.End.RELEASED);
        assertThat(GuestDisk.detach(attachment.device(), true)).isEqualTo(Detached.FREE);
    }

    private static void noNode() throws Exception {
        NbdDevice device = new NbdDevice(0);
        run("mv", device.path(), "/dev/elsewhere");
        try {
            KernelException refusal =
                    GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory(), device, AttachOptions.DEFAULT));
            assertThat(refusal.kind()).isEqualTo(Kind.NOT_USABLE);
            assertThat(refusal).hasMessageContainingAll(device.path(), "devtmpfs");
        } finally {
            run("mv", "/dev/elsewhere", device.path());
        }
        assertThat(GuestDisk.KERNEL.list()).isEmpty();
    }

    private static void attachedByIoctl() throws Exception {
        KernelAttachment attachment =
                GuestDisk.attach(GuestDisk.memory(), null, AttachOptions.DEFAULT.with(Method.IOCTL));
        GuestDisk.detach(attachment);
        assertThat(attachment.ended().get()).isEqualTo(KernelAttachment.End.DETACHED);
    }

    private static void notAttached() throws Exception {
        NbdDevice device = new NbdDevice(0);
        assertThat(GuestDisk.refusal(() -> GuestDisk.detach(device, false)).kind())
                .isEqualTo(Kind.NOT_ATTACHED);
        assertThat(GuestDisk.refusal(() -> GuestDisk.detach(device, true)).kind())
                .isEqualTo(Kind.NOT_ATTACHED);
    }

    private static void detachedByAnother() throws Exception {
        try (BackgroundProcess owner = owner()) {
            NbdDevice device = attached(owner);
            run("dd", "if=/dev/urandom", "of=" + device, "bs=1M", "count=4");
            assertThat(GuestDisk.detach(device, false)).isEqualTo(Detached.FREE);
            assertThat(owner.awaitExit(LIMIT)).isZero();
            assertThat(owner.output()).containsSubsequence("DETACHED", "\nflushed");
        }
    }

    private static void killedOwner() throws Exception {
        try (BackgroundProcess owner = owner()) {
            NbdDevice device = attached(owner);
            owner.kill();
            assertThat(GuestDisk.KERNEL.list())
                    .containsExactly(new AttachedDevice(device, GuestDisk.SIZE_BYTES, false, GuestDisk.IDENTIFIER));
            assertThat(GuestDisk.detach(device, true)).isEqualTo(Detached.FREE);
        }
    }

    private static BackgroundProcess owner() {
        return BackgroundProcess.start("sh", "-c", "exec " + Guest.java(GuestOwner.class));
    }

    private static NbdDevice attached(BackgroundProcess owner) throws KernelException {
        String line = owner.awaitLine(GuestOwner.ATTACHED, LIMIT);
        return NbdDevice.parse(line.substring(GuestOwner.ATTACHED.length()));
    }

    private static void nothingIsLeft(long descriptorsBefore) {
        assertThat(GuestDisk.KERNEL.list()).isEmpty();
        Waiting.until(LIMIT, () -> descriptors() <= descriptorsBefore, () -> "descriptors: " + descriptors());
    }

    private static long descriptors() {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
            return entries.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
