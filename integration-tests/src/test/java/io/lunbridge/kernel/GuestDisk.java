package io.lunbridge.kernel;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.KernelDevices;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Disks in this program's memory, and how the kernel gets and loses them. */
final class GuestDisk {

    static final KernelDevices KERNEL = new KernelDevices();
    static final long SIZE_BYTES = 96L << 20;
    static final String IDENTIFIER = "iqn.2026-11.io.lunbridge:guest/0";

    private static final EventLoop LOOP = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()).next();
    private static final long LIMIT_SECONDS = 30;

    private GuestDisk() {}

    static MemoryBlockDevice memory() {
        return memory(EnumSet.of(Feature.WRITE, Feature.FLUSH, Feature.DURABLE_WRITE, Feature.DISCARD));
    }

    static MemoryBlockDevice memory(Set<Feature> features) {
        return new MemoryBlockDevice(LOOP, new Geometry(SIZE_BYTES, 512, 4096, 4 << 20, features));
    }

    static KernelAttachment attach(BlockDevice disk) throws Exception {
        return attach(disk, null, AttachOptions.DEFAULT);
    }

    static KernelAttachment attach(BlockDevice disk, @Nullable NbdDevice device, AttachOptions options)
            throws Exception {
        return attach(new Export("", "", disk), device, options);
    }

    static KernelAttachment attach(Export export, @Nullable NbdDevice device, AttachOptions options) throws Exception {
        return outcome(KERNEL.attach(new AttachRequest(device, export, IDENTIFIER, options)));
    }

    /** Detaches without force and waits until the device is free and the server has let go. */
    static void detach(KernelAttachment attachment) throws Exception {
        KernelDevices.Detached detached = outcome(KERNEL.detach(attachment.device(), false));
        if (detached != KernelDevices.Detached.FREE) {
            throw new AssertionError(attachment.device() + " is " + detached);
        }
        attachment.connection().terminated().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    static KernelDevices.Detached detach(NbdDevice device, boolean force) throws Exception {
        return outcome(KERNEL.detach(device, force));
    }

    /** A trimmed file of the device's in sysfs. */
    static String sysfs(KernelAttachment attachment, String file) throws Exception {
        return Files.readString(Path.of("/sys/block", attachment.device().name(), file))
                .strip();
    }

    /** What the body fails with, which must be a refusal of the kernel attach's. */
    static KernelException refusal(GuestChecks.Body body) throws Exception {
        try {
            body.run();
        } catch (KernelException e) {
            return e;
        }
        throw new AssertionError("not refused");
    }

    static <T> T outcome(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
