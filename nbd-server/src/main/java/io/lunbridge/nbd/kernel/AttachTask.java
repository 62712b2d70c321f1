package io.lunbridge.nbd.kernel;

import io.lunbridge.block.Feature;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attach, from the socket pair to a device that answers. Runs on a thread that may block.
 *
 * <p>Our end is served before the kernel gets the other one, as the kernel, or udev, may ask for blocks at once. What
 * was made is unmade in reverse order if a step fails.
 */
final class AttachTask {

    private static final int BLOCK_BYTES_MAX = 4096;
    private static final int BLOCK_BYTES_MIN = 512;
    private static final long FREE_MILLIS = 5000;
    private static final long NODE_MILLIS = 3000;

    private static final Logger LOG = LoggerFactory.getLogger(AttachTask.class);

    private final KernelFiles files;
    private final AttachRequest request;
    private final DeviceSetup setup;

    /** @param setup what the request comes to, as its device's event loop says */
    AttachTask(KernelFiles files, AttachRequest request, DeviceSetup setup) {
        this.files = files;
        this.request = request;
        this.setup = setup;
    }

    KernelAttachment run() throws KernelException, InterruptedException {
        check();
        Driver driver = Drivers.choose(files, request.options().method());
        try (SocketPair pair = SocketPair.open()) {
            ServedEnd served = ServedEnd.open(pair.takeServed(), request.export());
            try {
                NbdDevice device = driver.connect(setup, pair.kernel());
                // Only the kernel may hold its end, or it would never see ours close.
                pair.closeKernel();
                useOrDisconnect(driver, device);
                return new KernelAttachment(files, device, request, served, reattachment(driver, device));
            } catch (KernelException | InterruptedException | RuntimeException e) {
                served.drop();
                throw e;
            }
        } catch (IOException e) {
            throw Kind.SYSTEM.because(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable ReattachTask reattachment(Driver driver, NbdDevice device) {
        return driver instanceof NetlinkDriver ? new ReattachTask(files, device, request, setup) : null;
    }

    private void check() throws KernelException {
        int blockBytes = setup.geometry().blockBytes();
        if (blockBytes < BLOCK_BYTES_MIN || blockBytes > BLOCK_BYTES_MAX) {
            throw Kind.UNSUPPORTED.because("the kernel takes disks with blocks of 512 to 4096 bytes, and this one has "
                    + blockBytes + "; serve it on a socket instead");
        }
        if (setup.geometry().sizeBytes() == 0) {
            throw Kind.UNSUPPORTED.because("the disk is empty (0 bytes), so there is nothing to attach");
        }
        if (!Epoll.isAvailable()) {
            throw Kind.UNSUPPORTED.because("a kernel device needs Netty's native epoll library on this machine: "
                    + Epoll.unavailabilityCause());
        }
        Privilege.require(files);
    }

    private void useOrDisconnect(Driver driver, NbdDevice device) throws KernelException, InterruptedException {
        try {
            awaitUsable(device);
        } catch (KernelException | InterruptedException | RuntimeException e) {
            try {
                driver.disconnect(device);
                Patience.ofMillis(FREE_MILLIS).await(() -> !files.isConfigured(device));
            } catch (KernelException second) {
                LOG.warn("{} was not usable and could not be disconnected", device, second);
            }
            throw e;
        }
    }

    private void awaitUsable(NbdDevice device) throws KernelException, InterruptedException {
        Patience patience = Patience.ofMillis(request.options().usableMillis());
        long sizeBytes = setup.geometry().sizeBytes();
        if (!patience.await(() -> files.sizeBytes(device) == sizeBytes)) {
            throw Kind.NOT_USABLE.because(device + " has " + files.sizeBytes(device) + " bytes where the disk has "
                    + sizeBytes + "; try again");
        }
        Patience.ofMillis(NODE_MILLIS).await(() -> files.hasNode(device));
        try {
            patience.call("lunbridge-probe-" + device.name(), () -> {
                new QueueSettings(files, device)
                        .apply(setup.geometry(), request.options().tickMillis());
                try (DeviceFile file = DeviceFile.openDirect(device)) {
                    if (!setup.geometry().has(Feature.WRITE) && !files.isReadOnly(device)) {
                        file.setReadOnly(true);
                    }
                    file.readStart(sizeBytes);
                }
                return device;
            });
        } catch (TimeoutException e) {
            throw Kind.NOT_USABLE.because(device + " did not answer its first read within "
                    + request.options().usableMillis() + " ms; check the way to the target");
        }
        Udev.settle(files);
    }
}
