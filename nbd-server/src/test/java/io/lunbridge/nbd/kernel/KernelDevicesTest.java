package io.lunbridge.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.netty.channel.DefaultEventLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs no kernel; the rest is tested on a real one, in User Mode Linux. */
class KernelDevicesTest {

    @TempDir
    Path directory;

    @Test
    void listsTheConfiguredDevicesByNumber() {
        FakeHost host = new FakeHost(directory)
                .withDevice(10)
                .withDevice(2)
                .withDevice(3)
                .with("sys/block/nbd10/pid", "77")
                .with("sys/block/nbd2/pid", "78")
                .with("sys/block/nbd2/ro", "1")
                .with("sys/block/nbd2/backend", "iqn.x:y/0")
                .with("sys/block/sda/size", "1");
        assertThat(new KernelDevices(host.files()).list())
                .containsExactly(
                        new AttachedDevice(new NbdDevice(2), 1 << 20, true, "iqn.x:y/0"),
                        new AttachedDevice(new NbdDevice(10), 1 << 20, false, null));
    }

    @Test
    void findsADeviceByItsIdentifier() {
        FakeHost host = new FakeHost(directory)
                .withDevice(2)
                .withDevice(3)
                .withDevice(4)
                .with("sys/block/nbd2/pid", "78")
                .with("sys/block/nbd3/pid", "78")
                .with("sys/block/nbd3/backend", "lunbridge-1")
                .with("sys/block/nbd4/backend", "lunbridge-2");
        KernelDevices devices = new KernelDevices(host.files());
        assertThat(devices.find("lunbridge-1")).isEqualTo(new NbdDevice(3));
        assertThat(devices.find("lunbridge-2")).as("not connected").isNull();
    }

    @Test
    void takesOverNothingThatIsNotAttachedUnderItsIdentifier() {
        FakeHost host = new FakeHost(directory).withDevice(2).withDevice(3).withDevice(4);
        host.with("sys/block/nbd3/pid", "78").with("sys/block/nbd3/backend", "lunbridge-1");
        host.with("sys/block/nbd4/pid", "78");
        KernelDevices devices = new KernelDevices(host.files());
        DefaultEventLoop loop = new DefaultEventLoop();
        try {
            Export export = new Export("", "", MemoryBlockDevice.of(loop, 1 << 20));
            AttachRequest request = new AttachRequest(null, export, "lunbridge-2", AttachOptions.DEFAULT);
            failsWith(Kind.NOT_ATTACHED, devices.reattach(new NbdDevice(2), request), "/dev/nbd2");
            failsWith(Kind.OTHER_DISK, devices.reattach(new NbdDevice(3), request), "lunbridge-1");
            failsWith(Kind.OTHER_DISK, devices.reattach(new NbdDevice(4), request), "another program");
        } finally {
            var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void listsNothingOnAHostWithoutNbd() {
        assertThat(new KernelDevices(new FakeHost(directory).files()).list()).isEmpty();
    }

    @Test
    void detachesNothingThatIsNotAttached() {
        FakeHost host = new FakeHost(directory).withDevice(2);
        failsWith(Kind.NOT_ATTACHED, new KernelDevices(host.files()).detach(new NbdDevice(2), true), "/dev/nbd2");
    }

    @Test
    void saysThatRootIsNeededBeforeItTouchesAnything() {
        FakeHost host = new FakeHost(directory)
                .withDevice(2)
                .with("sys/block/nbd2/pid", "1")
                .with("proc/self/status", "Name:\tjava\nCapEff:\t000001ffffdfffff");
        failsWith(Kind.NOT_PERMITTED, new KernelDevices(host.files()).detach(new NbdDevice(2), false), "sudo");
    }

    @Test
    void appliesTheQueueSettingsThatTheKernelHas() {
        FakeHost host = new FakeHost(directory)
                .with("sys/block/nbd4/queue/io_timeout", "30000")
                .with("sys/block/nbd4/queue/max_hw_sectors_kb", "512")
                .with("sys/block/nbd4/queue/max_sectors_kb", "128");
        Geometry geometry = new Geometry(1 << 20, 512, 4096, 8 << 20, Set.of());
        new QueueSettings(host.files(), new NbdDevice(4)).apply(geometry, 5000);
        Path queue = directory.resolve("sys/block/nbd4/queue");
        assertThat(queue.resolve("io_timeout")).content().startsWith("5000");
        assertThat(queue.resolve("max_sectors_kb")).content().startsWith("512");
        assertThat(Files.exists(queue.resolve("scheduler"))).isFalse();
    }

    @Test
    void takesDiscardAwayAndGivesItBack() {
        FakeHost host = new FakeHost(directory)
                .with("sys/block/nbd4/queue/discard_max_hw_bytes", "2199023255040")
                .with("sys/block/nbd4/queue/discard_max_bytes", "2199023255040");
        QueueSettings settings = new QueueSettings(host.files(), new NbdDevice(4));
        Path most = directory.resolve("sys/block/nbd4/queue/discard_max_bytes");
        Geometry without = new Geometry(1 << 20, 512, 4096, 8 << 20, Set.of(Feature.WRITE));
        assertThat(settings.hasDiscardOf(without)).isFalse();
        settings.applyDiscard(without);
        assertThat(KernelFiles.read(most)).startsWith("0");
        Geometry with = new Geometry(1 << 20, 512, 4096, 8 << 20, Set.of(Feature.WRITE, Feature.DISCARD));
        host.with("sys/block/nbd4/queue/discard_max_bytes", "0");
        settings.applyDiscard(with);
        assertThat(KernelFiles.read(most)).isEqualTo("1073741824");
        assertThat(settings.hasDiscardOf(with)).isTrue();
    }

    private static void failsWith(Kind kind, CompletableFuture<?> future, String words) {
        assertThatThrownBy(() -> future.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }
}
