package io.lunbridge.daemon;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.iscsi.disk.DiskException;
import io.lunbridge.iscsi.disk.DiskOpening;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and closes LUNs for threads that may block. */
public final class Disks {

    private static final Logger LOG = LoggerFactory.getLogger(Disks.class);
    private static final long MAX_CLOSE_MILLIS = 2000;

    private Disks() {}

    /** Asks the URL's LUN what it is. Interrupted, or where that fails, nothing stays open. */
    public static ScsiDisk open(Nexus nexus, LunUrl url) throws CommandException, InterruptedException {
        Opening opening = new Opening();
        nexus.eventLoop().execute(() -> ScsiDisk.open(nexus, Lun.ofNumber(url.lun()), opening));
        try {
            return opening.disk.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DiskException known) {
                throw failure(known);
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            opening.disk.cancel(false);
            throw e;
        }
    }

    private static CommandException failure(DiskException e) {
        return switch (e.kind()) {
            case NO_SUCH_LUN ->
                failure(ExitCode.NO_SUCH_LUN, e, "'lunbridge discover --luns' lists those that there are");
            case NOT_A_DISK -> failure(ExitCode.NOT_A_DISK, e, "name another LUN");
            case NOT_READY -> failure(ExitCode.FAILURE, e, "try again when it is");
            case UNSUPPORTED_FORMAT -> failure(ExitCode.FAILURE, e, "Lunbridge takes blocks of 512 bytes to 64 KiB");
            case REFUSED -> failure(ExitCode.FAILURE, e, "look into the target's log");
            case SESSION_LOST -> failure(ExitCode.UNREACHABLE, e, "look into the target's log, and try again");
        };
    }

    private static CommandException failure(ExitCode exitCode, DiskException e, String advice) {
        return new CommandException(exitCode, e.getMessage() + "; " + advice, e);
    }

    /** Fails what is in flight. What was written is flushed by whoever served the disk. Bounded. */
    public static void close(BlockDevice disk) {
        CountDownLatch closed = new CountDownLatch(1);
        disk.eventLoop().execute(() -> disk.close(new Closing(closed)));
        if (!Uninterrupted.await(closed, MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("{}: not closed in time", disk);
        }
    }

    /** Closes a disk that nobody waits for any more. */
    private static final class Opening implements DiskOpening {

        private final CompletableFuture<ScsiDisk> disk = new CompletableFuture<>();

        @Override
        public void opened(ScsiDisk opened) {
            if (!disk.complete(opened)) {
                opened.close(new Closing(new CountDownLatch(1)));
            }
        }

        @Override
        public void failed(DiskException cause) {
            disk.completeExceptionally(cause);
        }
    }

    private record Closing(CountDownLatch closed) implements Completion {

        @Override
        public void succeeded(ByteBuf data) {
            data.release();
            closed.countDown();
        }

        @Override
        public void failed(BlockException cause) {
            LOG.warn("closing the disk: {}", cause.getMessage());
            closed.countDown();
        }
    }
}
