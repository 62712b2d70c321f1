package io.lunbridge.nbd.kernel;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.lunbridge.nbd.transmission.NbdConnection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One release. Runs on a thread that may block.
 *
 * <p>Requests that the kernel has sent and we never read are what costs time: the kernel sends them again at a tick
 * after the reattach, and each keeps the tick it began with. So the tick is made short first, and requests are served
 * for a while longer: those that are left unread are then all younger than the change. That while begins with a flush,
 * which does the long part of the last one ahead of it.
 */
final class ReleaseTask {

    /** The kernel adds a second of its own. */
    private static final int TICK_MILLIS = 100;

    /** Long enough for a busy loop to read what was sent before the tick changed. */
    private static final long SERVED_ON_MILLIS = 300;

    private static final long TICK_LIMIT_MILLIS = 1000;

    private final KernelFiles files;
    private final NbdDevice device;
    private final LinkKeeper keeper;

    ReleaseTask(KernelFiles files, NbdDevice device, LinkKeeper keeper) {
        this.files = files;
        this.device = device;
        this.keeper = keeper;
    }

    @Nullable
    Void run(long limitMillis) throws KernelException, InterruptedException {
        Patience patience = Patience.ofMillis(limitMillis);
        ServedEnd last = keeper.release();
        NbdConnection connection = last.connection();
        shortenTick();
        BlockDevice disk = connection.export().device();
        // Whether it succeeds is seen from the last one.
        DiskCall.flush(disk, patience);
        TimeUnit.MILLISECONDS.sleep(SERVED_ON_MILLIS);
        disk.eventLoop().execute(connection::finish);
        if (!connection.terminated().await(patience.leftMillis(), TimeUnit.MILLISECONDS)) {
            last.drop();
            throw Kind.NOT_USABLE.because(device + " was released with requests that its disk had not answered");
        }
        if (!DiskCall.flush(disk, patience)) {
            throw Kind.NOT_USABLE.because(device + " was released, but its disk could not be flushed");
        }
        return null;
    }

    private void shortenTick() throws KernelException, InterruptedException {
        try {
            Patience.ofMillis(TICK_LIMIT_MILLIS).call("lunbridge-queue-" + device.name(), () -> {
                new QueueSettings(files, device).applyTick(TICK_MILLIS);
                return device;
            });
        } catch (TimeoutException e) {
            // It waits for requests in flight; then unread ones wait for the long tick.
            return;
        }
    }
}
