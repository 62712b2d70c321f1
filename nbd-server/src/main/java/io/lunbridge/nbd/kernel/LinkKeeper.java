package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelAttachment.End;
import io.lunbridge.nbd.transmission.NbdConnection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a device connected: where its connection breaks, and the device was not detached, another one takes its place
 * at once. Whoever uses the device would hang otherwise until the dead-connection timeout.
 *
 * <p>The broken connection itself is the notice, not the kernel's LINK_DEAD message, which names a device and not a
 * connection. Only when the broken one's requests have all ended is there a new one, so that no old write can land on
 * newer data.
 */
final class LinkKeeper {

    /** A detach takes the connection away first, and the device a moment later. */
    private static final long FREE_MILLIS = 5000;

    /** Between one attempt and the next, and doubled by each, so that what breaks every connection costs little. */
    private static final long PAUSE_MILLIS_MIN = 50;

    private static final long PAUSE_MILLIS_MAX = 5000;

    /** A connection that lived so long owes nothing to those before it. */
    private static final long SOUND_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Logger LOG = LoggerFactory.getLogger(LinkKeeper.class);

    private final KernelFiles files;
    private final NbdDevice device;
    private final @Nullable String owner;
    private final @Nullable ReattachTask reattach;
    private final long giveUpMillis;
    private final CompletableFuture<End> ended = new CompletableFuture<>();

    private ServedEnd link;
    private boolean released;
    private long linkedNanos;
    private long pauseMillis = PAUSE_MILLIS_MIN;

    /**
     * @param reattach null where the driver's interface takes no second connection
     * @param giveUpMillis how long the kernel lets requests wait for another connection
     */
    LinkKeeper(
            KernelFiles files, NbdDevice device, ServedEnd first, @Nullable ReattachTask reattach, long giveUpMillis) {
        this.files = files;
        this.device = device;
        this.owner = KernelFiles.read(files.sys(device, "pid"));
        this.reattach = reattach;
        this.giveUpMillis = giveUpMillis;
        this.link = first;
        watch(first);
    }

    /** The connection of now, dead or alive. */
    synchronized NbdConnection connection() {
        return link.connection();
    }

    /** Whether there is no device of ours left to look after. */
    boolean isOver() {
        return isReleased() || ended.isDone();
    }

    /** Whether the kernel has a connection that it can be answered on. */
    boolean isConnected() {
        return !isReleased() && connection().isOpen();
    }

    CompletableFuture<End> ended() {
        return ended;
    }

    /** From now on a connection that ends is not replaced. Returns the last one. */
    synchronized ServedEnd release() {
        released = true;
        return link;
    }

    private synchronized boolean isReleased() {
        return released;
    }

    private void watch(ServedEnd watched) {
        linkedNanos = System.nanoTime();
        watched.connection()
                .terminated()
                .addListener(terminated ->
                        Patience.startDaemon("lunbridge-link-" + device.name(), () -> linkEnded(watched)));
    }

    private void linkEnded(ServedEnd old) {
        try {
            End end = old.connection().clientDisconnected() || reattach == null ? awaitFree() : replace(reattach);
            if (end != null) {
                ended.complete(end);
            }
        } catch (InterruptedException e) {
            ended.complete(End.BROKEN);
        }
    }

    /** Null when there is a new connection, else how it all ended. */
    private @Nullable End replace(ReattachTask task) throws InterruptedException {
        Patience trying = Patience.ofMillis(giveUpMillis);
        if (System.nanoTime() - linkedNanos > SOUND_NANOS) {
            pauseMillis = PAUSE_MILLIS_MIN;
        } else {
            pause();
        }
        while (!isReleased()) {
            try {
                return adopt(task.run());
            } catch (KernelException e) {
                switch (e.kind()) {
                    case NOT_ATTACHED, OTHER_DISK, STILL_SERVED -> {
                        return awaitFree();
                    }
                    default ->
                        LOG.warn("{}: its connection broke and has no successor yet: {}", device, e.getMessage());
                }
            }
            if (trying.isOver()) {
                return giveUp();
            }
            pause();
        }
        return End.RELEASED;
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX);
    }

    private synchronized @Nullable End adopt(ServedEnd next) {
        if (released) {
            next.drop();
            return End.RELEASED;
        }
        LOG.warn("{}: the kernel's connection broke and was replaced", device);
        link = next;
        watch(next);
        return null;
    }

    /** What is in flight would hang for ever, so the device is taken away. */
    private End giveUp() throws InterruptedException {
        LOG.error("{}: no new connection within {} ms; its requests fail now", device, giveUpMillis);
        try {
            new NetlinkDriver(files).disconnect(device);
        } catch (KernelException e) {
            LOG.error("{} could not be disconnected: {}", device, e.getMessage());
        }
        return End.BROKEN;
    }

    private End awaitFree() throws InterruptedException {
        if (isReleased()) {
            return End.RELEASED;
        }
        boolean free = Patience.ofMillis(FREE_MILLIS)
                .await(() -> !Objects.equals(owner, KernelFiles.read(files.sys(device, "pid"))));
        return free || reattach != null ? End.DETACHED : End.BROKEN;
    }
}
