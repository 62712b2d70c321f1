package io.lunbridge.kernel;

import static io.lunbridge.interop.Processes.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.BackgroundProcess;
import io.lunbridge.interop.Waiting;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelAttachment.End;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * The life and death of a connection between the kernel and its server: what becomes of the device and of requests
 * when a process dies, releases the device, takes it over, or detaches it under load.
 */
final class GuestLifeChecks {

    private GuestLifeChecks() {}

    public static void main(String[] arguments) throws Exception {
        run("modprobe", "nbd", "nbds_max=0");
        GuestChecks checks = new GuestChecks();
        checks.check("a device outlives its killed process, and another one takes it over", GuestLifeChecks::killed);
        checks.check("a released device waits for its next process", GuestLifeChecks::released);
        checks.check("new requests fail after the dead timeout, and a reattach revives", GuestLifeChecks::expired);
        checks.check("a request in flight hangs until the watchdog disconnects", GuestLifeChecks::hung);
        checks.check("a device that is served is not taken over", GuestLifeChecks::stillServed);
        checks.check("a socket that leaked keeps a device from being taken over", GuestLifeChecks::leaked);
        checks.check("only who knows its identifier takes a device over", GuestLifeChecks::wrongIdentifier);
        checks.check("a broken connection is replaced, after its requests", GuestLifeChecks::broken);
        checks.check("a request torn by a break is sent again", GuestLifeChecks::torn);
        checks.check("a server that stops reading costs nothing but time", GuestLifeChecks::stopsReading);
        checks.check("a detach fails what is in flight", GuestLifeChecks::detachedInFlight);
        checks.check("a device detached while open stays until it is closed", GuestLifeChecks::detachedOpen);
        GuestLifeRestartChecks.addTo(checks);
        GuestLifeGeometryChecks.addTo(checks);
        checks.finish();
        System.exit(0);
    }

    private static void killed() throws Exception {
        try (BackgroundProcess owner =
                BackgroundProcess.start("sh", "-c", "exec " + Guest.java(GuestLifeOwner.class))) {
            String line = owner.awaitLine(GuestOwner.ATTACHED, GuestLife.LIMIT);
            NbdDevice device = NbdDevice.parse(line.substring(GuestOwner.ATTACHED.length()));
            try (BackgroundProcess inFlight = GuestLife.reader(device, GuestLifeDisk.HELD_MIB)) {
                owner.awaitLine("held", GuestLife.LIMIT);
                owner.kill();
                assertThat(GuestDisk.KERNEL.list())
                        .containsExactly(new AttachedDevice(device, GuestDisk.SIZE_BYTES, false, GuestDisk.IDENTIFIER));
                assertThat(GuestDisk.KERNEL.find(GuestDisk.IDENTIFIER)).isEqualTo(device);
                try (BackgroundProcess waiting = GuestLife.reader(device, 1)) {
                    Waiting.until(Duration.ofSeconds(2), waiting::isAlive, () -> "it does not wait");
                    long start = System.nanoTime();
                    KernelAttachment attachment = GuestLife.reattach(device, GuestLifeDisk.memory());
                    assertThat(waiting.awaitExit(GuestLife.LIMIT)).isZero();
                    figure("new request, after reattach", start);
                    assertThat(inFlight.awaitExit(GuestLife.LIMIT)).isZero();
                    figure("request in flight at the death, after reattach, tick 1000", start);
                    assertThat(GuestDisk.sysfs(attachment, "queue/io_timeout")).isEqualTo("1000");
                    GuestDisk.detach(attachment);
                }
            }
        }
    }

    private static void released() throws Exception {
        GuestLifeDisk disk = GuestLifeDisk.memory();
        KernelAttachment first = GuestLife.attach(disk);
        NbdDevice device = first.device();
        disk.hold();
        try (BackgroundProcess inFlight = GuestLife.reader(device, GuestLifeDisk.HELD_MIB)) {
            disk.awaitHeld(1);
            var releasing = first.release(20_000);
            disk.answer();
            GuestDisk.outcome(releasing);
            assertThat(inFlight.awaitExit(GuestLife.LIMIT)).as("answered").isZero();
        }
        assertThat(first.ended().get()).isEqualTo(End.RELEASED);
        try (BackgroundProcess waiting = GuestLife.reader(device, 1)) {
            AttachOptions other = new AttachOptions(GuestLife.OPTIONS.method(), 600, 2000, 20_000);
            KernelAttachment second = GuestLife.reattach(device, disk, GuestDisk.IDENTIFIER, other);
            assertThat(waiting.awaitExit(GuestLife.LIMIT)).isZero();
            assertThat(GuestDisk.sysfs(second, "queue/io_timeout")).isEqualTo("2000");
            GuestDisk.detach(second);
        }
    }

    private static void expired() throws Exception {
        KernelAttachment first = GuestLife.attach(GuestDisk.memory());
        GuestLife.release(first, 20_000);
        long start = System.nanoTime();
        assertThat(GuestLife.reads(first.device())).isFalse();
        assertThat(GuestLife.millisSince(start)).isBetween(GuestLife.DEAD_SECONDS * 1000L - 500, 20_000L);
        start = System.nanoTime();
        assertThat(GuestLife.reads(first.device())).isFalse();
        assertThat(GuestLife.millisSince(start)).isLessThan(GuestLife.DEAD_SECONDS * 1000L);
        KernelAttachment second = GuestLife.reattach(first.device(), GuestDisk.memory());
        GuestLife.works(first.device());
        GuestDisk.detach(second);
    }

    private static void hung() throws Exception {
        GuestLifeDisk disk = GuestLifeDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        disk.hold();
        try (BackgroundProcess inFlight = GuestLife.reader(attachment.device(), GuestLifeDisk.HELD_MIB)) {
            disk.awaitHeld(1);
            KernelException late = GuestDisk.refusal(() -> GuestLife.release(attachment, 200));
            assertThat(late.kind()).isEqualTo(Kind.NOT_USABLE);
            assertThat(GuestLife.reads(attachment.device())).as("a new request").isFalse();
            assertThat(inFlight.isAlive()).isTrue();
            assertThat(attachment.ended()).isNotDone();
            disk.answer();
            assertThat(attachment.ended().get()).isEqualTo(End.RELEASED);
            assertThat(inFlight.isAlive()).isTrue();
            GuestDisk.detach(attachment.device(), true);
            assertThat(inFlight.awaitExit(GuestLife.LIMIT)).isNotZero();
        }
    }

    private static void stillServed() throws Exception {
        KernelAttachment owner = GuestLife.attach(GuestDisk.memory());
        KernelException refusal = GuestDisk.refusal(
                () -> GuestLife.reattach(owner.device(), GuestLifeDisk.memory().hold()));
        assertThat(refusal.kind()).isEqualTo(Kind.STILL_SERVED);
        assertThat(refusal).hasMessageContaining(owner.device().path());
        GuestLife.works(owner.device());
        GuestDisk.detach(owner);
    }

    private static void leaked() throws Exception {
        Set<Integer> sockets = GuestLife.sockets();
        KernelAttachment owner = GuestLife.attach(GuestDisk.memory());
        int leak = GuestLife.duplicateOfNew(sockets);
        GuestLife.release(owner, 20_000);
        KernelException refusal = GuestDisk.refusal(() -> GuestLife.reattach(owner.device(), GuestDisk.memory()));
        assertThat(refusal.kind()).isEqualTo(Kind.STILL_SERVED);
        GuestLife.close(leak);
        GuestDisk.detach(GuestLife.reattach(owner.device(), GuestDisk.memory()));
    }

    private static void wrongIdentifier() throws Exception {
        KernelAttachment owner = GuestLife.attach(GuestDisk.memory());
        NbdDevice device = owner.device();
        GuestLife.release(owner, 20_000);
        KernelException refusal =
                GuestDisk.refusal(() -> GuestLife.reattach(device, GuestDisk.memory(), "another", GuestLife.OPTIONS));
        assertThat(refusal.kind()).isEqualTo(Kind.OTHER_DISK);
        assertThat(refusal).hasMessageContainingAll(device.path(), GuestDisk.IDENTIFIER);
        GuestDisk.detach(device, true);
        assertThat(GuestDisk.refusal(() -> GuestLife.reattach(device, GuestDisk.memory()))
                        .kind())
                .isEqualTo(Kind.NOT_ATTACHED);
    }

    private static void broken() throws Exception {
        GuestLifeDisk disk = GuestLifeDisk.memory();
        Set<Integer> sockets = GuestLife.sockets();
        KernelAttachment attachment = GuestLife.attach(disk);
        NbdDevice device = attachment.device();
        int socket = GuestLife.duplicateOfNew(sockets);
        disk.hold();
        try (BackgroundProcess inFlight = GuestLife.reader(device, GuestLifeDisk.HELD_MIB)) {
            disk.awaitHeld(1);
            var old = attachment.connection();
            GuestLife.cut(socket);
            try (BackgroundProcess waiting = GuestLife.reader(device, 1)) {
                assertThat(waiting.isAlive()).isTrue();
                assertThat(old.terminated().await(1000))
                        .as("over before its request is")
                        .isFalse();
                assertThat(attachment.connection()).isSameAs(old);
                assertThat(waiting.isAlive()).isTrue();
                long start = System.nanoTime();
                disk.answer();
                assertThat(waiting.awaitExit(GuestLife.LIMIT)).isZero();
                figure("new request, after a break", start);
                assertThat(inFlight.awaitExit(GuestLife.LIMIT)).isZero();
                figure("request in flight at a break, tick 1000", start);
            }
            assertThat(attachment.connection()).isNotSameAs(old);
        }
        sockets.add(socket);
        breakAgain(attachment, GuestLife.duplicateOfNew(sockets));
        GuestLife.close(socket);
        GuestDisk.detach(attachment);
        assertThat(attachment.ended().get()).isEqualTo(End.DETACHED);
    }

    /** What breaks soon after another one is replaced more slowly. */
    private static void breakAgain(KernelAttachment attachment, int socket) {
        var young = attachment.connection();
        long start = System.nanoTime();
        GuestLife.cut(socket);
        Waiting.until(GuestLife.LIMIT, () -> attachment.connection() != young, () -> "not replaced");
        assertThat(GuestLife.millisSince(start)).isGreaterThanOrEqualTo(100);
        GuestLife.works(attachment.device());
        GuestLife.close(socket);
    }

    private static void torn() throws Exception {
        var disk = GuestDisk.memory();
        Set<Integer> sockets = GuestLife.sockets();
        KernelAttachment attachment = GuestLife.attach(disk);
        int socket = GuestLife.duplicateOfNew(sockets);
        String path = attachment.device().path();
        run("dd", "if=/dev/urandom", "of=/run/image", "bs=1M", "count=16");
        CountDownLatch latch = GuestLife.stopLoop(disk);
        try (BackgroundProcess writer =
                BackgroundProcess.start("dd", "if=/run/image", "of=" + path, "bs=8M", "oflag=direct", "conv=fsync")) {
            // The kernel fills the socket and stops in the middle of a request.
            Waiting.until(GuestLife.LIMIT, () -> GuestLife.hasUnread(socket, 1 << 20), () -> "little was sent");
            GuestLife.cut(socket);
            latch.countDown();
            long start = System.nanoTime();
            assertThat(writer.awaitExit(GuestLife.LIMIT)).isZero();
            figure("writes torn by a break, tick 1000", start);
        } finally {
            latch.countDown();
        }
        GuestLife.close(socket);
        run("dd", "if=" + path, "of=/run/back", "bs=4M", "iflag=direct", "count=4");
        run("cmp", "/run/image", "/run/back");
        GuestDisk.detach(attachment);
    }

    private static void stopsReading() throws Exception {
        var disk = GuestDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        var connection = attachment.connection();
        CountDownLatch latch = GuestLife.stopLoop(disk);
        try (BackgroundProcess writer =
                BackgroundProcess.start("dd", "if=/run/image", "of=" + attachment.device(), "bs=8M", "oflag=direct")) {
            GuestLife.requireAlive(writer, 4 * GuestLife.TICK_MILLIS);
            latch.countDown();
            assertThat(writer.awaitExit(GuestLife.LIMIT)).isZero();
        } finally {
            latch.countDown();
        }
        assertThat(attachment.connection()).isSameAs(connection);
        GuestDisk.detach(attachment);
    }

    private static void detachedInFlight() throws Exception {
        GuestLifeDisk disk = GuestLifeDisk.memory();
        KernelAttachment attachment = GuestLife.attach(disk);
        disk.hold();
        try (BackgroundProcess inFlight = GuestLife.reader(attachment.device(), GuestLifeDisk.HELD_MIB)) {
            disk.awaitHeld(1);
            GuestDisk.detach(attachment.device(), true);
            assertThat(inFlight.awaitExit(GuestLife.LIMIT)).isNotZero();
        }
        assertThat(attachment.ended()).as("its request is under way").isNotDone();
        disk.answer();
        assertThat(attachment.ended().get()).isEqualTo(End.DETACHED);
    }

    private static void detachedOpen() throws Exception {
        KernelAttachment attachment = GuestLife.attach(GuestDisk.memory());
        NbdDevice device = attachment.device();
        try (BackgroundProcess holder =
                BackgroundProcess.start("sh", "-c", "exec 3<" + device + " && echo opened && exec sleep 1000")) {
            holder.awaitLine("opened", GuestLife.LIMIT);
            assertThat(GuestDisk.detach(device, true)).isEqualTo(Detached.HELD_OPEN);
            assertThat(GuestLife.isConfigured(device)).isTrue();
            assertThat(GuestDisk.refusal(() -> GuestLife.reattach(device, GuestDisk.memory()))
                            .kind())
                    .isEqualTo(Kind.NOT_ATTACHED);
            assertThat(GuestDisk.refusal(() -> GuestDisk.attach(GuestDisk.memory(), device, GuestLife.OPTIONS))
                            .kind())
                    .isEqualTo(Kind.DEVICE_BUSY);
        }
        assertThat(attachment.ended().get()).isEqualTo(End.DETACHED);
        Waiting.until(GuestLife.LIMIT, () -> !GuestLife.isConfigured(device), () -> "still there");
        GuestDisk.detach(GuestDisk.attach(GuestDisk.memory(), device, GuestLife.OPTIONS));
    }

    private static void figure(String what, long startNanos) {
        System.out.println("figure " + what + ": " + GuestLife.millisSince(startNanos) + " ms");
    }
}
