package io.lunbridge.devices;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.DeferredBlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DeviceStack;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.Disks;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.devices.DeviceState.Served;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.names.DeviceNames;
import io.lunbridge.nbd.export.Export;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is behind a device: a LUN of a target, or the prospect of one. Used by threads that may block. */
final class Backing {

    private static final long MAX_STATUS_MILLIS = 2000;

    private final Targets targets;
    private final Target target;
    private final AttachSpec spec;
    private final BlockDevice bottom;
    private final @Nullable Revival revival;
    private volatile @Nullable ScsiDisk disk;

    private Backing(Targets targets, Target target, AttachSpec spec, BlockDevice bottom, @Nullable Revival revival) {
        this.targets = targets;
        this.target = target;
        this.spec = spec;
        this.bottom = bottom;
        this.revival = revival;
        disk = bottom instanceof ScsiDisk opened ? opened : null;
    }

    /** A LUN that answers. Leaves nothing if it does not. */
    static Backing opened(Targets targets, AttachSpec spec) throws CommandException, InterruptedException {
        Target target = targets.use(spec, null);
        try {
            ScsiDisk disk = Disks.open(target.nexus(), spec.disk().url());
            return new Backing(targets, target, spec, disk, null);
        } catch (CommandException | InterruptedException | RuntimeException e) {
            targets.leave(target);
            throw e;
        }
    }

    /** A LUN that an earlier process has served: its requests wait until {@link #beginReturn} has come to its end. */
    static Backing awaited(Targets targets, DeviceState state, Served served, Consumer<Step> reached) {
        AttachSpec spec = state.spec();
        Target target = targets.use(spec, served.session());
        // While the kernel gets its socket: the fence does no harm before, and the users wait for both.
        target.beginLogIn();
        DeferredBlockDevice deferred =
                new DeferredBlockDevice(target.eventLoop(), remembered(served.geometry(), spec.disk()));
        return new Backing(targets, target, spec, deferred, new Revival(state, target, deferred, reached));
    }

    /** A LUN that has shrunk below the part that is served has at least a block of it for as long as it is not seen. */
    private static Geometry remembered(Geometry geometry, DiskRequest request) {
        Long length = request.lengthBytes();
        long leastBytes = request.offsetBytes() + (length == null ? geometry.blockBytes() : length);
        return geometry.sizeBytes() >= leastBytes
                ? geometry
                : new Geometry(
                        leastBytes,
                        geometry.blockBytes(),
                        geometry.preferredBytes(),
                        geometry.maxTransferBytes(),
                        geometry.features());
    }

    /** What the kernel is to be served. */
    Export export() throws CommandException, InterruptedException {
        return DeviceStack.forKernel(bottom, spec.disk());
    }

    /** What a successor has to know. Only of a LUN that has been opened. */
    Served served() {
        ScsiDisk opened = disk;
        if (opened == null) {
            throw new IllegalStateException("not opened yet");
        }
        return new Served(target.identity(), UnitName.of(opened.info()), opened.geometry());
    }

    /** What the device is called. Only of a LUN that has been opened. A part of a LUN goes by no name of the LUN's. */
    DeviceNames names() {
        ScsiDisk opened = disk;
        DiskRequest request = spec.disk();
        boolean whole = request.offsetBytes() == 0 && request.lengthBytes() == null;
        if (opened == null || !whole || !spec.links()) {
            return DeviceNames.NONE;
        }
        HostPort portal = request.url().portal();
        return DeviceNames.of(
                opened.info().identity(),
                portal.host(),
                portal.port(),
                request.url().targetName(),
                opened.lun());
    }

    /** Tells, on the event loop, whenever the LUN becomes larger, smaller or read-only. */
    void onChange(Consumer<Geometry> changed) {
        bottom.eventLoop()
                .execute(() -> bottom.addGeometryListener(new GeometryListener() {
                    @Override
                    public void geometryChanged(Geometry before, Geometry now) {
                        changed.accept(now);
                    }

                    @Override
                    public void deviceGone(BlockException cause) {}
                }));
    }

    /** Begins to bring an awaited LUN back. {@code returned} is called on a thread that may block. */
    void beginReturn(Runnable returned) {
        if (revival != null) {
            var unused = revival.returned().thenAccept(opened -> {
                disk = opened;
                returned.run();
            });
            revival.start();
        }
    }

    /** Whether the LUN has been opened. */
    boolean isOpened() {
        return disk != null;
    }

    /** Whether the target answers, as far as is known. */
    boolean isUsable() {
        return status().state().equals(DeviceStatus.ATTACHED);
    }

    /** Asks the LUN for its size and the like, out of turn. */
    void recheck() {
        ScsiDisk opened = disk;
        if (opened != null) {
            bottom.eventLoop().execute(opened::recheckNow);
        }
    }

    /** What waits fails now. */
    void fail(String why) {
        ScsiDisk opened = disk;
        if (opened != null) {
            bottom.eventLoop().execute(opened::failNow);
        } else if (revival != null) {
            revival.fail(why);
        }
    }

    DeviceStatus status() {
        CompletableFuture<DeviceStatus> status = new CompletableFuture<>();
        bottom.eventLoop().execute(() -> status.complete(statusOnLoop()));
        try {
            return status.get(MAX_STATUS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return DeviceStatus.plain("unknown");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DeviceStatus.plain("unknown");
        }
    }

    private DeviceStatus statusOnLoop() {
        ScsiDisk opened = disk;
        if (opened == null) {
            return revival == null ? DeviceStatus.plain("unknown") : revival.status();
        }
        return DeviceStatus.of(opened);
    }

    /** Closes the LUN, and with the target's last one the session. Fails what is in flight. Bounded. */
    void close() {
        if (revival != null) {
            revival.stop();
        }
        Disks.close(bottom);
        targets.leave(target);
    }
}
