package io.lunbridge.commands;

import io.lunbridge.daemon.Root;
import io.lunbridge.names.DeviceLinks;
import io.lunbridge.names.DeviceNames;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of the one device that this process serves: written before the attach, gone when it is closed after. */
final class ForegroundNames implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ForegroundNames.class);

    private final DeviceLinks links = new DeviceLinks(Root.ofThisHost().names());
    private final String backend;
    private @Nullable NbdDevice device;

    /** @param backend the device's backend identifier */
    ForegroundNames(String backend, DeviceNames names) {
        this.backend = backend;
        try {
            links.prepare(backend, names);
        } catch (IOException e) {
            LOG.warn("the device gets no names under /dev/disk: {}", e.toString());
        }
    }

    /** Returns when the links are there. */
    void appeared(String path) throws KernelException, InterruptedException {
        device = NbdDevice.parse(path);
        links.appeared(backend, device);
    }

    @Override
    public void close() {
        if (device == null) {
            links.abandon(backend);
            return;
        }
        try {
            links.gone(backend, device);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
