package io.lunbridge.nbd.kernel;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Feature;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request of our own to a disk, awaited by a thread that may block. */
final class DiskCall implements Completion {

    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

    private DiskCall() {}

    /** Flushes; true when that succeeded in time. A disk that takes no flush has none to do. */
    static boolean flush(BlockDevice disk, Patience patience) throws InterruptedException {
        DiskCall call = new DiskCall();
        disk.eventLoop().execute(() -> {
            if (disk.geometry().has(Feature.FLUSH)) {
                disk.flush(call);
            } else {
                call.outcome.complete(true);
            }
        });
        return call.await(patience);
    }

    /** Reads the first block; true when that succeeded in time. */
    static boolean answers(BlockDevice disk, Patience patience) throws InterruptedException {
        DiskCall call = new DiskCall();
        disk.eventLoop().execute(() -> disk.read(0, disk.geometry().blockBytes(), call));
        return call.await(patience);
    }

    private boolean await(Patience patience) throws InterruptedException {
        try {
            return outcome.get(Math.max(0, patience.leftMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void succeeded(ByteBuf data) {
        data.release();
        outcome.complete(true);
    }

    @Override
    public void failed(BlockException cause) {
        outcome.complete(false);
    }
}
