package io.lunbridge.daemon;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.ModificationGate;
import io.lunbridge.iscsi.disk.DiskIdentity;
import io.lunbridge.iscsi.disk.DiskLanes;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.nbd.export.Export;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A LUN over several sessions, each on an event loop of its own: the lanes. Of one lane it is a {@link DiskService} and
 * nothing besides. Driven by a thread that may block.
 */
public final class LaneService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LaneService.class);

    /** Each lane's close is bounded itself; this is for all of them. */
    private static final long MAX_CLOSE_SECONDS = 60;

    private final List<DiskService> services;
    private final @Nullable DiskLanes lanes;
    private final DiskRequest request;
    private final DiskCache cache;

    private LaneService(List<DiskService> services, DiskRequest request, DiskCache cache) {
        this.cache = cache;
        this.services = services;
        this.request = request;
        List<ScsiDisk> disks = services.stream().map(DiskService::disk).toList();
        lanes = disks.size() > 1 ? new DiskLanes(disks) : null;
    }

    /**
     * Logs in once for each loop of the transport, each time with an ISID of its own, the same ones as last time. Leaves
     * nothing if that fails.
     */
    public static LaneService open(Transport transport, DiskRequest request, SessionSettings settings)
            throws CommandException, InterruptedException {
        List<DiskService> services = new ArrayList<>();
        DiskCache cache = new DiskCache(request.cache());
        try {
            for (Transport lane : transport.lanes()) {
                DiskService service = DiskService.open(lane, request, settings, cache);
                services.add(service);
                requireSame(services.get(0).disk(), service.disk(), services.size());
            }
            return new LaneService(services, request, cache);
        } catch (CommandException | InterruptedException | RuntimeException e) {
            services.forEach(DiskService::close);
            throw e;
        }
    }

    private static void requireSame(ScsiDisk first, ScsiDisk other, int lane) throws CommandException {
        DiskIdentity expected = first.info().identity();
        DiskIdentity found = other.info().identity();
        if (!found.isSameUnitAs(expected)
                || first.geometry().blockBytes() != other.geometry().blockBytes()) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    "the session of lane " + lane + " leads to another unit (" + found.text() + ") than the first one ("
                            + expected.text() + "); name a portal that leads to one, or leave out --lanes");
        }
    }

    /**
     * An export on each lane, the first one's first. Of one lane, clients may ask for any offset and length. Of several, they
     * have to keep to the LUN's blocks: parts of one block that come on two lanes at a time would each be merged with the
     * old block, and one would be lost.
     */
    List<Export> exports(String name) throws CommandException, InterruptedException {
        if (lanes == null) {
            return List.of(services.get(0).export(name));
        }
        List<Export> exports = new ArrayList<>();
        for (int i = 0; i < services.size(); i++) {
            BlockDevice stack = DeviceStack.built(device(lanes, i), request, cache, false);
            exports.add(new Export(name, request.identifier(), stack, request.readOnly()));
        }
        return exports;
    }

    private BlockDevice device(DiskLanes all, int index) throws InterruptedException {
        Callable<BlockDevice> make = () -> all.lane(index);
        try {
            return services.get(index).disk().eventLoop().submit(make).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What keeps one lane's writes from overtaking another's; null of one lane. */
    @Nullable
    ModificationGate gate() {
        return lanes == null ? null : lanes.gate();
    }

    /** The process is about to end: sessions that are lost have no more than a moment to return. */
    public void hurry() {
        services.forEach(DiskService::hurry);
    }

    /**
     * A file of statistics, one part for each lane, to be kept current from its start to its end.
     *
     * @param file null: they are only told to the log at the end
     */
    public StatisticsFile statistics(@Nullable Path file) {
        return new StatisticsFile(
                file,
                () -> IntStream.range(0, services.size())
                        .mapToObj(this::statisticsText)
                        .collect(Collectors.joining()));
    }

    private String statisticsText(int index) {
        String text = services.get(index).statisticsText();
        return lanes == null ? text : "Lane " + (index + 1) + ":\n" + text;
    }

    /** Closes the disks and logs out, on all lanes at a time. What was written is flushed by whoever served it. Bounded. */
    @Override
    public void close() {
        CountDownLatch others = new CountDownLatch(services.size() - 1);
        for (DiskService service : services.subList(1, services.size())) {
            new Thread(() -> close(service, others), "lunbridge-close").start();
        }
        services.get(0).close();
        if (!Uninterrupted.await(others, MAX_CLOSE_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("not all lanes were closed in time");
        }
    }

    private static void close(DiskService service, CountDownLatch closed) {
        try {
            service.close();
        } finally {
            closed.countDown();
        }
    }
}
