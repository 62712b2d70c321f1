package io.lunbridge.nbd.handshake;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Feature;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A server's way down: connections drained, clients closed, devices flushed, all within one limit. On the loop. */
final class ServerDrain implements Completion {

    private final EventLoop loop;
    private final ExportCatalog catalog;
    private final Promise<Void> done;
    private Runnable closeClients = () -> {};
    private int pending;
    private @Nullable Throwable failure;
    private @Nullable ScheduledFuture<?> limit;

    ServerDrain(EventLoop loop, ExportCatalog catalog, Promise<Void> done) {
        this.loop = loop;
        this.catalog = catalog;
        this.done = done;
    }

    void start(Set<NbdConnection> connections, Runnable closeClientsAction, long limitMillis) {
        closeClients = closeClientsAction;
        limit = loop.schedule(() -> limitReached(limitMillis), limitMillis, TimeUnit.MILLISECONDS);
        pending = connections.size() + 1;
        for (NbdConnection connection : connections) {
            connection.terminated().addListener(terminated -> connectionGone());
            connection.shutDown();
        }
        connectionGone();
    }

    @Override
    public void succeeded(ByteBuf data) {
        data.release();
        flushEnded();
    }

    @Override
    public void failed(BlockException cause) {
        failure = cause;
        flushEnded();
    }

    private void connectionGone() {
        if (--pending == 0 && !done.isDone()) {
            closeClients.run();
            flushDevices();
        }
    }

    private void flushDevices() {
        Set<BlockDevice> devices = catalog.all().stream()
                .filter(Export::writable)
                .map(Export::device)
                .filter(device -> device.geometry().has(Feature.FLUSH))
                .collect(Collectors.toSet());
        pending = devices.size() + 1;
        devices.forEach(device -> device.flush(this));
        flushEnded();
    }

    private void flushEnded() {
        if (--pending == 0) {
            end(failure);
        }
    }

    private void limitReached(long limitMillis) {
        closeClients.run();
        end(new TimeoutException("requests or flushes did not end within " + limitMillis + " ms"));
    }

    private void end(@Nullable Throwable cause) {
        if (limit != null) {
            limit.cancel(false);
        }
        if (cause == null) {
            done.trySuccess(null);
        } else {
            done.tryFailure(cause);
        }
    }
}
