package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.block.Zeroing;
import io.lunbridge.iscsi.login.TargetQuirks;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.Doubt;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logical unit of a nexus as a block device: reads and writes become one SCSI command each.
 *
 * <p>What was read is handed up as the received memory itself; what is to be written goes down as slices of the given
 * buffer. Closing the disk leaves the nexus open: other units may be on it.
 */
public final class ScsiDisk implements BlockDevice {

    private static final Logger LOG = LoggerFactory.getLogger(ScsiDisk.class);

    private final Nexus nexus;
    private final Lun lun;
    private final Access access;
    private volatile DiskInfo info;
    private volatile Geometry geometry;
    private final int blockShift;
    private final Quirks quirks;
    private final UnmapCommands unmapCommands;
    private final ZeroCommands zeroCommands;
    private final Attentions attentions = new Attentions(this);
    private final DiskCounters counters = new DiskCounters();
    private final Recheck recheck;

    private final UnflushedWrites unflushed = new UnflushedWrites();
    private final List<DiskTask> allTasks = new ArrayList<>();
    private final ArrayDeque<DiskTask> idleTasks = new ArrayDeque<>();
    private final List<GeometryListener> listeners = new ArrayList<>();
    private final ArrayDeque<Completion> closings = new ArrayDeque<>();
    private @Nullable BlockException closed;
    private boolean wasWritable;

    private ScsiDisk(Nexus nexus, Lun lun, DiskInfo info) {
        this.nexus = nexus;
        this.lun = lun;
        this.info = info;
        geometry = DiskGeometry.of(info);
        wasWritable = geometry.has(Feature.WRITE);
        blockShift = Integer.numberOfTrailingZeros(geometry.blockBytes());
        quirks = new Quirks(info);
        ZeroBlocks zeroBlocks = new ZeroBlocks(blockShift);
        unmapCommands = new UnmapCommands(this, zeroBlocks);
        zeroCommands = new ZeroCommands(this, zeroBlocks);
        access = new Access(this, nexus);
        recheck = new Recheck(this, nexus);
        nexus.add(access);
        recheck.start();
    }

    /**
     * Opens the logical unit as a disk, if it is one, which uses one session after the other.
     *
     * @param opening told on the nexus's event loop, on which this is called too
     */
    public static void open(Nexus nexus, Lun lun, DiskOpening opening) {
        new DiskProbe(nexus.session(), lun, new DiskProbe.Outcome() {
                    @Override
                    public void learned(DiskInfo info) {
                        opening.opened(new ScsiDisk(nexus, lun, info));
                    }

                    @Override
                    public void failed(DiskException cause) {
                        opening.failed(cause);
                    }
                })
                .start();
    }

    /** The same for a disk that is gone with the session. */
    public static void open(Session session, Lun lun, DiskOpening opening) {
        open(Nexus.of(session), lun, opening);
    }

    /** What the unit has told about itself, last of all. */
    public DiskInfo info() {
        return info;
    }

    /** Where the unit is. */
    public Lun lun() {
        return lun;
    }

    /** The latest session; it may be over. */
    public Session session() {
        return nexus.session();
    }

    Access access() {
        return access;
    }

    Recheck recheck() {
        return recheck;
    }

    UnflushedWrites unflushed() {
        return unflushed;
    }

    /** What was counted since the disk was opened, over all its sessions. Called on the loop. */
    public DiskStatistics statistics() {
        QueueDepth depth = access.throttle().depth();
        return new DiskStatistics(
                counters.operations(),
                counters.retries(),
                counters.attentions(),
                new DiskStatistics.Queue(depth.current(), depth.max(), depth.inFlight(), access.held()));
    }

    /** How it stands with the unit and its session now. Cheap. Called on the loop. */
    public DiskStatus status() {
        return access.status();
    }

    /**
     * Fails all requests that have not been answered, and every new one at once as long as there is no usable session.
     * Where commands are with the target, the session is given up, for they could be executed still: requests of the
     * session's other disks wait for the next one then. A disk without requests is left as it is. Called on the loop.
     */
    public void failNow() {
        access.failNow();
    }

    /** Asks the unit now what it is asked now and then: its size, write protection, who it is. Called on the loop. */
    public void recheckNow() {
        recheck.run();
    }

    DiskCounters counters() {
        return counters;
    }

    Attentions attentions() {
        return attentions;
    }

    /** A command that writes was refused because nothing may be written. */
    void becameWriteProtected() {
        if (!info.mode().writeProtected()) {
            learn(info.with(info.mode().withWriteProtection()));
        }
    }

    /** What the unit tells now: the same unit, though maybe larger, smaller, or write-protected. */
    void learn(DiskInfo now) {
        info = now;
        quirks.learn(now);
        unmapCommands.learn(now);
        Geometry before = geometry;
        geometry = DiskGeometry.of(now);
        wasWritable |= geometry.has(Feature.WRITE);
        if (wasWritable && now.mode().writeProtected()) {
            attentions.doubtLater(Set.of(Doubt.MODE));
        }
        if (!geometry.equals(before)) {
            LOG.warn("{}: {}", this, GeometryNews.of(before, geometry));
            for (GeometryListener listener : List.copyOf(listeners)) {
                listener.geometryChanged(before, geometry);
            }
        }
    }

    /** What was read of the unit before may not be what is there now. */
    void contentDoubtful() {
        for (GeometryListener listener : List.copyOf(listeners)) {
            listener.contentDoubtful();
        }
    }

    /** What is known of targets like this one. */
    TargetQuirks quirksOfTarget() {
        String name = session().config().login().identity().targetName();
        return name == null ? TargetQuirks.NONE : TargetQuirks.of(name);
    }

    int blockShift() {
        return blockShift;
    }

    Quirks quirks() {
        return quirks;
    }

    @Override
    public EventLoop eventLoop() {
        return nexus.eventLoop();
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public void addGeometryListener(GeometryListener listener) {
        listeners.add(listener);
    }

    @Override
    public void read(long offsetBytes, int lengthBytes, Completion done) {
        if (isOpen(done)) {
            task(Operation.READ, done).readBlocks(offsetBytes >>> blockShift, lengthBytes >>> blockShift);
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuf data, Durability durability, Completion done) {
        if (mayChange(done)) {
            boolean durable = durability == Durability.DURABLE;
            task(Operation.WRITE, done).writeBlocks(offsetBytes >>> blockShift, data, durable);
        } else {
            data.release();
        }
    }

    @Override
    public void flush(Completion done) {
        if (!isOpen(done)) {
            return;
        }
        if (access.isOpen() && unflushed.tellLoss()) {
            done.failed(unflushed.loss());
            return;
        }
        synchronizeCache(new FlushCompletion(quirks, unflushed, done));
    }

    /** A flush for a caller on another lane: does nothing where it could neither cover nor tell anything. */
    void flushIfOwed(Completion done) {
        if (unflushed.owesFlush()) {
            flush(done);
        } else {
            done.succeeded(Unpooled.EMPTY_BUFFER);
        }
    }

    /** Makes an answered write stable for the one who wrote it: see {@link OwnFlush}. */
    void secure(int lossesBefore, Completion done) {
        if (isOpen(done)) {
            synchronizeCache(new OwnFlush(this, lossesBefore, done));
        }
    }

    private void synchronizeCache(Completion outcome) {
        if (!quirks.takesCacheCommand()) {
            outcome.succeeded(Unpooled.EMPTY_BUFFER);
            return;
        }
        DiskTask task = task(Operation.FLUSH, outcome);
        task.cdb().synchronizeCache10();
        task.submitWithoutData();
    }

    @Override
    public void discard(long offsetBytes, long lengthBytes, Completion done) {
        if (mayChange(done)) {
            unmapCommands.discard(offsetBytes >>> blockShift, lengthBytes >>> blockShift, done);
        }
    }

    @Override
    public void writeZeroes(
            long offsetBytes, long lengthBytes, Zeroing zeroing, Durability durability, Completion done) {
        if (mayChange(done)) {
            Completion outcome =
                    durability == Durability.DURABLE ? new FlushAfterwards(this, unflushed.losses(), done) : done;
            zeroCommands.zero(offsetBytes >>> blockShift, lengthBytes >>> blockShift, zeroing, outcome);
        }
    }

    @Override
    public void blockStatus(long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        if (closed != null) {
            done.failed(closed);
        } else {
            new StatusQuery(this, offsetBytes, lengthBytes, done).start();
        }
    }

    @Override
    public void prefetch(long offsetBytes, long lengthBytes, Completion done) {
        if (!isOpen(done)) {
            return;
        }
        long limitBlocks = info.limits().maxPrefetchBlocks();
        long blocks = Math.min(lengthBytes >>> blockShift, limitBlocks == 0 ? 0xffff : Math.min(limitBlocks, 0xffff));
        long lba = offsetBytes >>> blockShift;
        DiskTask task = task(Operation.PREFETCH, new BestEffort(done));
        var unused = lba >>> 32 == 0
                ? task.cdb().preFetch10(lba, (int) blocks)
                : task.cdb().preFetch16(lba, (int) blocks);
        task.submitWithoutData();
    }

    /** Fails all requests at once, then waits until the session is done with their commands and their data. */
    @Override
    public void close(Completion done) {
        if (closed == null) {
            closed = new BlockException(BlockError.SHUT_DOWN, "the disk has been closed");
        }
        for (DiskTask task : List.copyOf(allTasks)) {
            task.detach();
        }
        recheck.stop();
        access.close(closed);
        closings.add(done);
        endIfIdle();
    }

    private void endIfIdle() {
        if (idleTasks.size() == allTasks.size()) {
            for (Completion closing = closings.poll(); closing != null; closing = closings.poll()) {
                closing.succeeded(Unpooled.EMPTY_BUFFER);
            }
        }
    }

    /** Whether a request may begin; else it is failed. */
    private boolean isOpen(Completion done) {
        if (closed != null) {
            done.failed(closed);
        }
        return closed == null;
    }

    /** Whether a request that changes the medium may begin; else it is failed. */
    private boolean mayChange(Completion done) {
        if (!isOpen(done)) {
            return false;
        }
        boolean writable = geometry.has(Feature.WRITE);
        if (!writable) {
            done.failed(new BlockException(BlockError.NOT_PERMITTED, "the disk is write-protected"));
        }
        return writable;
    }

    /** A task of the pool, to be submitted at once. */
    DiskTask task(Operation operation, Completion done) {
        DiskTask task = idleTasks.pollLast();
        if (task == null) {
            task = new DiskTask(this);
            allTasks.add(task);
        }
        task.begin(operation, done);
        return task;
    }

    void recycle(DiskTask task) {
        idleTasks.addLast(task);
        if (closed != null) {
            endIfIdle();
        }
    }

    /** No further session will come. */
    void gone(BlockException cause) {
        recheck.stop();
        if (closed == null) {
            closed = cause;
            for (GeometryListener listener : List.copyOf(listeners)) {
                listener.deviceGone(cause);
            }
        }
    }

    @Override
    public String toString() {
        return "LUN " + lun + " of " + nexus;
    }
}
