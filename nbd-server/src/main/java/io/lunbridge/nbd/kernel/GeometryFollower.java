package io.lunbridge.nbd.kernel;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.KernelAttachment.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what becomes of a disk while it is attached: its size, its partitions, whether it is read-only and
 * takes discards.
 *
 * <p>The disk's event loop only says that there is something to do. It is done by a thread that lives while there is,
 * as each of these calls may wait for requests that the loop must answer, and newer kernels empty the queue before they
 * change a size. So none is made before the disk has answered a request of ours, nor while the kernel has no connection.
 *
 * <p>A larger disk is a larger device at once. A smaller one is not, while anybody uses the device: what lies beyond
 * the new end would vanish under a file system. It is announced, requests beyond the end fail, and the use is looked at
 * again until it has ended.
 */
final class GeometryFollower implements GeometryListener {

    /** How often it is looked whether something that could not be done can be done now. */
    private static final long AGAIN_MILLIS = 3000;

    private static final long ANSWER_MILLIS = 5000;

    private static final Logger LOG = LoggerFactory.getLogger(GeometryFollower.class);

    private final KernelFiles files;
    private final ClaimedDevice claimed;
    private final Export export;
    private final LinkKeeper keeper;

    /** Given for each change while the thread is there. */
    private final Semaphore news = new Semaphore(0);

    private @Nullable Geometry wanted;
    private boolean following;
    private Standing standing = Standing.CURRENT;

    GeometryFollower(KernelFiles files, ClaimedDevice claimed, Export export, LinkKeeper keeper) {
        this.files = files;
        this.claimed = claimed;
        this.export = export;
        this.keeper = keeper;
    }

    /** Listens for the rest of the disk's life. Called on its event loop. */
    void start() {
        export.device().addGeometryListener(this);
        follow(export.device().geometry());
    }

    synchronized Standing standing() {
        return standing;
    }

    @Override
    public void geometryChanged(Geometry before, Geometry now) {
        follow(now);
    }

    @Override
    public void deviceGone(BlockException cause) {
        enter(Standing.GONE);
    }

    private synchronized void follow(Geometry now) {
        wanted = now;
        if (following) {
            news.release();
        } else if (!keeper.isOver()) {
            following = true;
            Patience.startDaemon("lunbridge-geometry-" + claimed.device().name(), this::follow);
        }
    }

    /** True if it was another one before. */
    private synchronized boolean enter(Standing now) {
        boolean entered = standing != now && standing != Standing.GONE;
        standing = entered ? now : standing;
        return entered;
    }

    private void follow() {
        try {
            while (true) {
                news.drainPermits();
                Geometry now = wanted();
                boolean settled = tryApply(now);
                if (isOver(now, settled)) {
                    return;
                }
                if (!settled) {
                    news.tryAcquire(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private synchronized Geometry wanted() {
        return Objects.requireNonNull(wanted);
    }

    private synchronized boolean isOver(Geometry applied, boolean settled) {
        boolean upToDate = settled && applied.equals(wanted);
        following = !upToDate && !keeper.isOver() && standing != Standing.GONE;
        return !following;
    }

    private boolean tryApply(Geometry now) throws InterruptedException {
        try {
            return apply(now);
        } catch (KernelException e) {
            LOG.warn("{} is not yet what its disk is: {}", claimed.device(), e.getMessage());
            return false;
        }
    }

    /** True when nothing is left to do. */
    private boolean apply(Geometry now) throws KernelException, InterruptedException {
        NbdDevice device = claimed.device();
        boolean mayWrite = now.has(Feature.WRITE);
        boolean sameMode = export.readOnly() || mayWrite != files.isReadOnly(device);
        QueueSettings settings = new QueueSettings(files, device);
        if (files.sizeBytes(device) == now.sizeBytes() && sameMode && settings.hasDiscardOf(now)) {
            enter(Standing.CURRENT);
            return true;
        }
        if (!keeper.isConnected() || !DiskCall.answers(export.device(), Patience.ofMillis(ANSWER_MILLIS))) {
            return false;
        }
        settings.applyDiscard(now);
        if (!sameMode) {
            LOG.info("{} is {} now", device, mayWrite ? "writable" : "read-only");
            try (DeviceFile file = DeviceFile.openDirect(device)) {
                file.setReadOnly(!mayWrite);
            }
        }
        return files.sizeBytes(device) <= now.sizeBytes() ? grow(now.sizeBytes()) : shrink(now.sizeBytes());
    }

    private boolean grow(long sizeBytes) throws KernelException {
        if (files.sizeBytes(claimed.device()) != sizeBytes) {
            resize(sizeBytes);
        }
        enter(Standing.CURRENT);
        return true;
    }

    private boolean shrink(long sizeBytes) throws KernelException {
        NbdDevice device = claimed.device();
        List<String> uses = new ArrayList<>(DeviceUse.of(files, device));
        if (uses.isEmpty()) {
            uses.addAll(DeviceUse.openers(files, device));
        }
        if (uses.isEmpty() && sizeBytes > 0) {
            // Nobody can mount it in between.
            DeviceFile exclusive = DeviceFile.openExclusive(device);
            try {
                resize(sizeBytes);
            } finally {
                exclusive.close();
            }
            enter(Standing.CURRENT);
            return true;
        }
        if (enter(Standing.SHRUNK)) {
            LOG.warn(
                    "{}: the disk shrank to {} bytes and {} still has {}: what lies beyond fails. The device shrinks when"
                            + " nobody uses it; it {}",
                    device,
                    sizeBytes,
                    device,
                    files.sizeBytes(device),
                    uses.isEmpty() ? "is empty" : String.join(" and ", uses));
        }
        return false;
    }

    private void resize(long sizeBytes) throws KernelException {
        NbdDevice device = claimed.device();
        LOG.info("{} has {} bytes now, and had {}", device, sizeBytes, files.sizeBytes(device));
        claimed.resize(sizeBytes);
        // The first opening after a resize looks for partitions; where one is in use they stay what they are.
        DeviceFile.openDirect(device).close();
    }
}
