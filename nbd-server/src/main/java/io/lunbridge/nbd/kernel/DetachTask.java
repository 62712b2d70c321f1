package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** One detach. Runs on a thread that may block. */
final class DetachTask {

    /** Time to write back what the kernel's cache still holds. */
    private static final long SYNC_MILLIS = 60_000;

    private static final long OPEN_MILLIS = 2000;
    private static final long FREE_MILLIS = 5000;
    private static final long RESCAN_MILLIS = 2000;

    private final KernelFiles files;
    private final NbdDevice device;
    private final boolean force;

    DetachTask(KernelFiles files, NbdDevice device, boolean force) {
        this.files = files;
        this.device = device;
        this.force = force;
    }

    Detached run() throws KernelException, InterruptedException {
        if (!files.isConfigured(device)) {
            throw Kind.NOT_ATTACHED.because(device + " is not attached");
        }
        Privilege.require(files);
        Driver driver = Drivers.forDetach(files);
        if (force) {
            driver.disconnect(device);
        } else {
            disconnectIdle(driver);
        }
        boolean free = Patience.ofMillis(FREE_MILLIS).await(() -> !files.isConfigured(device));
        if (free) {
            dropPartitions();
        }
        return free ? Detached.FREE : Detached.HELD_OPEN;
    }

    /** Keeps the device exclusively open until it is disconnected, so that nobody can mount it in between. */
    private void disconnectIdle(Driver driver) throws KernelException, InterruptedException {
        refuse(DeviceUse.of(files, device));
        // Whoever merely looks at a new device, as udev, is given the time to finish.
        Patience looking = Patience.ofMillis(OPEN_MILLIS);
        if (!looking.await(() -> DeviceUse.openers(files, device).isEmpty())) {
            refuse(DeviceUse.openers(files, device));
        }
        DeviceFile file = openSynced();
        try {
            driver.disconnect(device);
        } finally {
            file.close();
        }
    }

    private void refuse(List<String> uses) throws KernelException {
        if (!uses.isEmpty()) {
            throw Kind.IN_USE.because(device + " " + String.join(" and ", uses) + "; release it first,"
                    + " or force the detach, which fails whatever is in flight");
        }
    }

    private DeviceFile openSynced() throws KernelException, InterruptedException {
        AtomicBoolean tooLate = new AtomicBoolean();
        try {
            return Patience.ofMillis(SYNC_MILLIS).call("lunbridge-sync-" + device.name(), () -> {
                DeviceFile file = DeviceFile.openExclusive(device);
                try {
                    file.sync();
                } catch (KernelException | RuntimeException e) {
                    file.close();
                    throw e;
                }
                if (tooLate.get()) {
                    file.close();
                }
                return file;
            });
        } catch (TimeoutException e) {
            tooLate.set(true);
            throw Kind.NOT_USABLE.because(device + " does not answer, so what was written to it is not safe yet;"
                    + " wait until its target is back, or force the detach");
        }
    }

    /** The partitions' nodes stay until somebody opens the disk, whose next user they would mislead. */
    private void dropPartitions() throws InterruptedException {
        boolean partitioned = KernelFiles.names(files.sys(device, "")).stream()
                .anyMatch(name -> device.owns(name) && !name.equals(device.name()));
        if (!partitioned || !files.hasNode(device)) {
            return;
        }
        try {
            Patience.ofMillis(RESCAN_MILLIS).call("lunbridge-rescan-" + device.name(), () -> {
                DeviceFile.openDirect(device).close();
                return device;
            });
        } catch (KernelException | TimeoutException e) {
            // Somebody has taken the device already, and will scan it himself.
            return;
        }
    }
}
