package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.KernelFailures;
import io.lunbridge.daemon.Report;
import io.lunbridge.devices.KernelSide.Link;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.KernelAttachment.End;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device, from the request for it to its end. Its operations ({@link Attach}, {@link TakeOver}, {@link #detach}, {@link
 * Release}) come one after the other, each on a thread that may block; only force does not wait for its turn, as it may be
 * what the others wait for.
 */
final class HeldDevice {

    private static final Logger LOG = LoggerFactory.getLogger(HeldDevice.class);

    private final Means means;
    private final Journal journal;
    private final ReentrantLock turn = new ReentrantLock();
    private final CompletableFuture<String> attached = new CompletableFuture<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private final AtomicBoolean changeNoted = new AtomicBoolean();

    private volatile @Nullable Backing backing;
    private volatile @Nullable Link link;
    private volatile String trouble = "";
    private volatile boolean disconnecting;

    /** A device that is not attached yet, or, by another process, has been. */
    HeldDevice(Means means, DeviceState state) {
        this.means = means;
        journal = new Journal(means.files(), state);
    }

    Means means() {
        return means;
    }

    Journal journal() {
        return journal;
    }

    DeviceState state() {
        return journal.state();
    }

    /** Held by whoever operates on the device. */
    ReentrantLock turn() {
        return turn;
    }

    /** What is behind it, as far as the device has come. */
    @Nullable
    Backing backing() {
        return backing;
    }

    /** The kernel's socket, as far as the device has come. */
    @Nullable
    Link link() {
        return link;
    }

    /** Completes when the device is none any more, and nothing of it is left here. */
    CompletableFuture<Boolean> over() {
        return over;
    }

    boolean isOver() {
        return over.isDone();
    }

    /** Why nobody serves the device although the kernel has it; empty where somebody does. */
    void setTrouble(String why) {
        if (!why.isEmpty() && !why.equals(trouble)) {
            LOG.warn("{} cannot be taken over yet: {}", state().device(), why);
        }
        trouble = why;
    }

    // --- on its way ---

    /** A LUN is behind it. */
    void setBacking(Backing now) {
        backing = now;
    }

    /** How to ask the kernel for it. */
    AttachRequest request(Backing of, AttachOptions options) throws CommandException, InterruptedException {
        String asked = state().spec().device();
        return new AttachRequest(
                asked == null ? null : parse(asked), of.export(), state().backendIdentifier(), options);
    }

    /** The kernel has it. From now on somebody else may take it away, and the LUN may change. */
    void connected(Backing now, Link connected) {
        backing = now;
        link = connected;
        now.onChange(geometry -> changed(now));
        var unused = connected
                .ended()
                .thenAccept(end -> Threads.start("end-" + connected.device().name(), () -> linkEnded(connected, end)));
    }

    /** It can be used. */
    void attached(String path) {
        setTrouble("");
        attached.complete(path);
    }

    /** It never was attached. Whoever waits for it is told why. */
    void failed(Exception why) {
        attached.completeExceptionally(why);
        dispose();
    }

    /**
     * Waits for the operation that is under way.
     *
     * @return the device's path; null if it is none any more
     */
    @Nullable
    String await() throws CommandException, InterruptedException {
        turn.lockInterruptibly();
        turn.unlock();
        try {
            return isOver() && !attached.isCompletedExceptionally() ? null : attached.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException known) {
                throw known;
            }
            return null;
        }
    }

    // --- while it is there ---

    /** On the event loop, which writes no files. */
    private void changed(Backing changed) {
        if (changed.isOpened() && changeNoted.compareAndSet(false, true)) {
            Threads.start("change-" + state().id(), () -> {
                changeNoted.set(false);
                noteGeometry(changed);
            });
        }
    }

    /** What the successor is to know of the LUN is what it is now. */
    void noteGeometry(Backing changed) {
        try {
            journal.note(before -> before.with(changed.served()));
        } catch (CommandException e) {
            LOG.warn("{}", e.sentence());
        }
    }

    private void linkEnded(Link ended, End how) {
        turn.lock();
        try {
            if (ended.equals(link) && !isOver() && how != End.RELEASED) {
                if (!disconnecting) {
                    String why = how == End.BROKEN ? "as its connection broke" : "not by us";
                    LOG.warn("{} was detached, {}", ended.device(), why);
                }
                dispose();
            }
        } finally {
            turn.unlock();
        }
    }

    /** What waits for the target fails now. */
    void fail() {
        Backing current = backing;
        if (current != null) {
            current.fail("it was told to fail");
        }
    }

    Report report() {
        return DeviceReport.of(state(), status());
    }

    SessionDevice asSessionDevice() {
        return new SessionDevice(state().spec().disk().url().lun(), state().device(), status().state());
    }

    /** Asks the LUN what targets may change without telling, its size among it. */
    void recheck() {
        Backing current = backing;
        if (current != null) {
            current.recheck();
        }
    }

    private DeviceStatus status() {
        Backing current = backing;
        Link connected = link;
        if (!trouble.isEmpty()) {
            return new DeviceStatus("failed", 0, 0, DeviceStatus.NO_LIMIT, trouble);
        }
        if (current == null || connected == null) {
            return DeviceStatus.plain("attaching");
        }
        DeviceStatus status = current.status();
        return connected.isShrunk() ? status.shrunk() : status;
    }

    /** What keeps it from being detached, as phrases that follow its name. */
    List<String> uses() {
        String path = state().device();
        try {
            return path == null ? List.of() : means.kernel().uses(parse(path));
        } catch (CommandException e) {
            return List.of();
        }
    }

    // --- its end ---

    /** Takes the device away if nobody uses it. */
    void detach() throws CommandException, InterruptedException {
        turn.lockInterruptibly();
        try {
            if (isOver()) {
                return;
            }
            journal.note(before -> before.with(Phase.DETACHING));
            means.reached().accept(Step.DETACH_NOTED);
            try {
                disconnect(false);
            } catch (CommandException e) {
                journal.note(before -> before.with(Phase.ATTACHED));
                throw e;
            }
            means.reached().accept(Step.DISCONNECTED);
            dispose();
        } finally {
            turn.unlock();
        }
    }

    /** Takes the device away, whatever is in flight. Bounded, also while another operation waits for the target. */
    void detachByForce() throws CommandException {
        disconnect(true);
        turn.lock();
        try {
            dispose();
        } finally {
            turn.unlock();
        }
    }

    /** Takes it away from the kernel, where nobody else has. */
    void disconnect(boolean force) throws CommandException {
        String path = state().device();
        if (path == null) {
            return;
        }
        disconnecting = true;
        try {
            if (means.kernel().detach(parse(path), force) == Detached.HELD_OPEN) {
                LOG.warn(
                        "{} is detached, but some process still has it open and gets errors (see fuser {})",
                        path,
                        path);
            }
        } catch (CommandException e) {
            boolean gone =
                    e.getCause() instanceof KernelException known && known.kind() == KernelException.Kind.NOT_ATTACHED;
            if (!gone) {
                disconnecting = false;
                throw e;
            }
        }
    }

    /** Nothing is left of it: not here, not in files, not in names. Called by whoever has the turn. */
    void dispose() {
        if (isOver()) {
            return;
        }
        unlink();
        closeBacking();
        journal.erase();
        over.complete(true);
    }

    /** Nothing is left of it here; kernel and state file keep it. Called by whoever has the turn. */
    void letGo() {
        journal.end();
        closeBacking();
        over.complete(true);
    }

    private void closeBacking() {
        Backing last = backing;
        if (last != null) {
            last.close();
        }
    }

    private void unlink() {
        String path = state().device();
        try {
            if (path == null) {
                means.links().abandon(state().backendIdentifier());
            } else {
                means.links().gone(state().backendIdentifier(), parse(path));
            }
        } catch (CommandException e) {
            LOG.warn("{}", e.sentence());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static NbdDevice parse(String path) throws CommandException {
        try {
            return NbdDevice.parse(path);
        } catch (KernelException e) {
            throw KernelFailures.of(e);
        }
    }
}
