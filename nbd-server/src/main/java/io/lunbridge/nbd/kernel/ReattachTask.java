package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.kernel.AttachOptions.Method;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a connected device, whose connection is dead, a new one. Runs on a thread that may block; may be run again when
 * the new one has died.
 *
 * <p>The kernel acknowledges a socket also when the old one is alive, and then drops it. So our end is looked at before
 * it is served: once our copy of the kernel's end is closed, an end that the kernel did not take reads as ended.
 */
final class ReattachTask {

    /** The kernel learns of a process's death a moment after it. */
    private static final long DEATH_MILLIS = 3000;

    /** Newer kernels empty a queue before they change its settings. Then the settings come true later. */
    private static final long SETTINGS_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(ReattachTask.class);

    private final KernelFiles files;
    private final ClaimedDevice claimed;
    private final AttachRequest request;
    private final DeviceSetup setup;

    /** @param setup what the request comes to, as its device's event loop says */
    ReattachTask(KernelFiles files, NbdDevice device, AttachRequest request, DeviceSetup setup) {
        this.files = files;
        this.claimed = new ClaimedDevice(
                files,
                new DeviceClaim(
                        device, request.backendIdentifier(), request.options().deadConnectionSeconds()));
        this.request = request;
        this.setup = setup;
    }

    ClaimedDevice claimed() {
        return claimed;
    }

    /** Returns when a read through the device was answered, if the options ask for that. */
    ServedEnd runProven() throws KernelException, InterruptedException {
        ServedEnd served = run();
        if (request.options().usableMillis() > 0) {
            requireAnswer(served);
        }
        return served;
    }

    /** Returns when the kernel's requests are being served. */
    ServedEnd run() throws KernelException, InterruptedException {
        Privilege.require(files);
        claimed.require();
        Drivers.choose(files, Method.NETLINK);
        ServedEnd served = ServedEnd.open(connect(), request.export());
        applySettings();
        return served;
    }

    /** Our end of the socket pair whose other end the kernel took. */
    private int connect() throws KernelException, InterruptedException {
        Patience death = Patience.ofMillis(DEATH_MILLIS);
        while (true) {
            try (SocketPair pair = SocketPair.open()) {
                claimed.reconnect(pair.kernel());
                pair.closeKernel();
                if (!pair.isRefused()) {
                    return pair.takeServed();
                }
            } catch (IOException e) {
                throw Kind.SYSTEM.because(String.valueOf(e.getMessage()));
            }
            if (death.isOver()) {
                throw Kind.STILL_SERVED.because(claimed.device() + " is still served by another process, or one has"
                        + " inherited its socket; end that process first");
            }
            death.pause();
        }
    }

    private void applySettings() throws KernelException, InterruptedException {
        NbdDevice device = claimed.device();
        try {
            Patience.ofMillis(SETTINGS_MILLIS).call("lunbridge-queue-" + device.name(), () -> {
                new QueueSettings(files, device)
                        .apply(setup.geometry(), request.options().tickMillis());
                return device;
            });
        } catch (TimeoutException e) {
            LOG.debug("{}: the queue's settings wait for requests in flight", device);
        }
    }

    /** A connection that does not answer is given up, so that there can be another one after its last request. */
    private void requireAnswer(ServedEnd served) throws KernelException, InterruptedException {
        NbdDevice device = claimed.device();
        long limitMillis = request.options().usableMillis();
        try {
            Patience.ofMillis(limitMillis).call("lunbridge-probe-" + device.name(), () -> {
                try (DeviceFile file = DeviceFile.openDirect(device)) {
                    file.readStart(files.sizeBytes(device));
                }
                return device;
            });
        } catch (TimeoutException e) {
            drop(served);
            throw Kind.NOT_USABLE.because(
                    device + " did not answer a read within " + limitMillis + " ms; check the way to the target");
        } catch (KernelException | InterruptedException e) {
            drop(served);
            throw e;
        }
    }

    private static void drop(ServedEnd served) throws InterruptedException {
        served.drop();
        served.connection().terminated().await();
    }
}
