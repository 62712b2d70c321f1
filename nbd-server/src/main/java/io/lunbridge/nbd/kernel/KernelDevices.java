package io.lunbridge.nbd.kernel;

import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's nbd devices on this host: attach an export as one, detach one, list them.
 *
 * <p>Attach and detach run on a thread of their own each and may be called from any thread, the event loop included;
 * their futures complete on that thread, exceptionally with a {@link KernelException}. An attach that fails leaves
 * nothing behind. The end of this process leaves the devices attached: only a detach takes one away.
 */
public final class KernelDevices {

    /** How far a detach got. */
    public enum Detached {
        /** The device is free for the next user. */
        FREE,
        /** The device is disconnected, but some process still has it open and gets errors; it is free after that. */
        HELD_OPEN
    }

    private final KernelFiles files;

    public KernelDevices() {
        this(KernelFiles.OF_THIS_HOST);
    }

    KernelDevices(KernelFiles files) {
        this.files = files;
    }

    /**
     * Attaches an export, which must stay served by its event loop until the device is detached. Completes when a read
     * through the device has succeeded and its partitions are known.
     */
    public CompletableFuture<KernelAttachment> attach(AttachRequest request) {
        Future<DeviceSetup> setup = request.export().device().eventLoop().submit(request::setup);
        return start("lunbridge-attach", () -> new AttachTask(files, request, setup.get()).run());
    }

    /**
     * Takes over a device whose process has died or released it: the disk that is still attached under the request's
     * identifier. Completes when requests are served again, those that waited included; and, unless the options do
     * without, when a read has been answered. A failure leaves the device as it was.
     *
     * <p>The caller has seen to it that the disk has nothing left to do for the device's former connection. What the
     * kernel takes the disk's size to be is not compared here; it follows the disk's afterwards.
     *
     * @param request its own device is not looked at
     */
    public CompletableFuture<KernelAttachment> reattach(NbdDevice device, AttachRequest request) {
        Future<DeviceSetup> setup = request.export().device().eventLoop().submit(request::setup);
        return start("lunbridge-reattach-" + device.name(), () -> {
            ReattachTask task = new ReattachTask(files, device, request, setup.get());
            return new KernelAttachment(files, device, request, task.runProven(), task);
        });
    }

    /**
     * Takes a device away from the kernel, whoever attached it, after its cached writes have reached the target.
     *
     * @param force skips the checks and the writing back: mounts break, and what is in flight fails
     */
    public CompletableFuture<Detached> detach(NbdDevice device, boolean force) {
        return start("lunbridge-detach-" + device.name(), () -> new DetachTask(files, device, force).run());
    }

    /**
     * What keeps a device from being taken away: mounts, swap and devices on top, each as a phrase that follows the
     * device's name; none if it is idle. Processes that have it open do not count. Reads a few small files of the kernel's.
     */
    public List<String> uses(NbdDevice device) {
        return DeviceUse.of(files, device);
    }

    /** The connected devices by number. Reads a few small files of the kernel's. */
    public List<AttachedDevice> list() {
        return files.devices().stream()
                .filter(files::isConfigured)
                .map(device -> new AttachedDevice(
                        device,
                        files.sizeBytes(device),
                        files.isReadOnly(device),
                        KernelFiles.read(files.sys(device, "backend"))))
                .toList();
    }

    /** The connected device of that identifier, null if there is none. Reads a few small files of the kernel's. */
    public @Nullable NbdDevice find(String backendIdentifier) {
        return list().stream()
                .filter(each -> backendIdentifier.equals(each.backendIdentifier()))
                .map(AttachedDevice::device)
                .findFirst()
                .orElse(null);
    }

    static <T> CompletableFuture<T> start(String threadName, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Patience.startDaemon(threadName, () -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
