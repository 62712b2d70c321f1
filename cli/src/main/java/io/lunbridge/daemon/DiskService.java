package io.lunbridge.daemon;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.iscsi.disk.DiskIdentity;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusState;
import io.lunbridge.nbd.export.Export;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A LUN, or a part of one, of a session of its own: open from {@link #open} to {@link #close}. Driven by a thread that
 * may block; the device itself lives on the transport's loop.
 */
public final class DiskService implements AutoCloseable {

    private static final long MAX_STATISTICS_MILLIS = 2000;

    /** At the end: more than the usual Time2Wait of 2 s and a slow login, less than what the last flush may take in all. */
    private static final long MAX_RETURN_MILLIS = 6000;

    private final TargetNexus target;
    private final DiskRequest request;
    private final ScsiDisk disk;
    private final DiskCache cache;

    private DiskService(TargetNexus target, DiskRequest request, ScsiDisk disk, DiskCache cache) {
        this.target = target;
        this.request = request;
        this.disk = disk;
        this.cache = cache;
    }

    /** The same for a command that ends by itself. */
    public static DiskService open(Transport transport, DiskRequest request)
            throws CommandException, InterruptedException {
        return open(transport, request, SessionSettings.BRIEF);
    }

    /** Connects, logs in, asks the LUN what it is, and checks that the request fits it. Leaves nothing if it fails. */
    public static DiskService open(Transport transport, DiskRequest request, SessionSettings settings)
            throws CommandException, InterruptedException {
        return open(transport, request, settings, new DiskCache(request.cache()));
    }

    /** The same with a cache that it shares with others of the same LUN. */
    static DiskService open(Transport transport, DiskRequest request, SessionSettings settings, DiskCache cache)
            throws CommandException, InterruptedException {
        LunUrl url = request.url();
        try (Progress progress = Progress.onStandardError()) {
            progress.step("logging in to " + url.targetName() + " at " + url.portal());
            TargetNexus target = TargetNexus.open(transport, url, settings);
            try {
                progress.step("asking LUN " + url.lun() + " what it is");
                return open(target, request, cache);
            } catch (CommandException | InterruptedException | RuntimeException e) {
                target.close();
                throw e;
            }
        }
    }

    private static DiskService open(TargetNexus target, DiskRequest request, DiskCache cache)
            throws CommandException, InterruptedException {
        DiskService service = new DiskService(target, request, Disks.open(target.nexus(), request.url()), cache);
        request.lengthWithin(
                service.disk.geometry().sizeBytes(), service.disk.geometry().blockBytes());
        return service;
    }

    /** An export for clients that may ask for any offset and length. */
    public Export export(String name) throws CommandException, InterruptedException {
        return export(name, true);
    }

    /** An export for the kernel, which has to see the LUN's own block size. */
    public Export kernelExport() throws CommandException, InterruptedException {
        return export("", false);
    }

    /** The disk, for whoever stands something between it and its export. */
    ScsiDisk disk() {
        return disk;
    }

    private Export export(String name, boolean byBytes) throws CommandException, InterruptedException {
        BlockDevice stack = DeviceStack.built(disk, request, cache, byBytes);
        return new Export(name, request.identifier(), stack, request.readOnly());
    }

    /** The process is about to end: a session that is lost has no more than a moment to return. */
    public void hurry() {
        Nexus nexus = target.nexus();
        var unused = nexus.eventLoop().schedule(nexus::stopWaiting, MAX_RETURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Who the LUN is. */
    public DiskIdentity identity() {
        return disk.info().identity();
    }

    /** Whether there is a session that the LUN may be used by. Blocking. */
    public boolean isLoggedIn() {
        Nexus nexus = target.nexus();
        return nexus.eventLoop().submit(nexus::state).awaitUninterruptibly().getNow() == NexusState.LOGGED_IN;
    }

    /** What the target and the LUN have told of themselves. */
    public Report report() {
        return DiskReport.of(disk);
    }

    /**
     * A file of statistics, to be kept current from its start to its end.
     *
     * @param file null: they are only told to the log at the end
     */
    public StatisticsFile statistics(@Nullable Path file) {
        return new StatisticsFile(file, this::statisticsText);
    }

    String statisticsText() {
        CompletableFuture<String> text = new CompletableFuture<>();
        disk.eventLoop().execute(() -> {
            Nexus nexus = target.nexus();
            String session = "target: " + request.url().targetName() + ", portal: "
                    + request.url().portal();
            text.complete(
                    StatisticsText.of(session, nexus.statistics(), disk.lun().toString(), disk.statistics())
                            + StatisticsText.of(cache.statistics(disk)));
        });
        return text.orTimeout(MAX_STATISTICS_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    /** Closes the disk and logs out. What was written is flushed by whoever served it. Bounded. */
    @Override
    public void close() {
        Disks.close(disk);
        target.close();
    }
}
