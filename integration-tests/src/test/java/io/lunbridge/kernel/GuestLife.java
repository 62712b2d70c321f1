package io.lunbridge.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.interop.BackgroundProcess;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.AttachOptions.Method;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.KernelAttachment;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Out;

/** What the checks of a device's life need: readers, other attachments, and ways to break a connection. */
final class GuestLife {

    static final Duration LIMIT = Duration.ofSeconds(30);
    static final int DEAD_SECONDS = 4;
    static final int TICK_MILLIS = 1000;
    static final AttachOptions OPTIONS = new AttachOptions(Method.NETLINK, DEAD_SECONDS, TICK_MILLIS, 20_000);

    private static final int BLOCK_BYTES = 4096;
    private static final int SHUT_RDWR = 2;
    private static final int MSG_PEEK = 2;
    private static final int MSG_DONTWAIT = 0x40;

    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    /** Functions of the C library, by their names. */
    public interface Libc {
        int dup(int fd);

        int shutdown(int fd, int how);

        int close(int fd);

        long recv(int fd, @Out byte[] data, long dataBytes, int flags);
    }

    private GuestLife() {}

    static KernelAttachment attach(BlockDevice disk) throws Exception {
        return GuestDisk.attach(disk, null, OPTIONS);
    }

    static KernelAttachment reattach(NbdDevice device, BlockDevice disk) throws Exception {
        return reattach(device, disk, GuestDisk.IDENTIFIER, OPTIONS);
    }

    static KernelAttachment reattach(NbdDevice device, BlockDevice disk, String identifier, AttachOptions options)
            throws Exception {
        AttachRequest request = new AttachRequest(null, new Export("", "", disk), identifier, options);
        return GuestDisk.outcome(GuestDisk.KERNEL.reattach(device, request));
    }

    static void release(KernelAttachment attachment, long limitMillis) throws Exception {
        GuestDisk.outcome(attachment.release(limitMillis));
    }

    /** Reads one block past every cache. */
    static BackgroundProcess reader(NbdDevice device, long mib) {
        return BackgroundProcess.start(
                "dd",
                "if=" + device,
                "of=/dev/null",
                "bs=" + BLOCK_BYTES,
                "count=1",
                "skip=" + (mib << 20) / BLOCK_BYTES,
                "iflag=direct");
    }

    static void works(NbdDevice device) {
        assertThat(reads(device)).isTrue();
    }

    static boolean reads(NbdDevice device) {
        try (BackgroundProcess reader = reader(device, 1)) {
            return reader.awaitExit(LIMIT) == 0;
        }
    }

    /** The sockets that this process has open. */
    static Set<Integer> sockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(GuestLife::isSocket)
                    .map(each -> Integer.parseInt(each.getFileName().toString()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false;
        }
    }

    /** Another descriptor of the one socket that was opened since; what another process would have inherited. */
    static int duplicateOfNew(Set<Integer> before) throws IOException {
        Set<Integer> opened = sockets();
        opened.removeAll(before);
        assertThat(opened).hasSize(1);
        return LIBC.dup(opened.iterator().next());
    }

    static void cut(int descriptor) {
        assertThat(LIBC.shutdown(descriptor, SHUT_RDWR)).isZero();
    }

    /** Whether the socket holds so many bytes that nobody has read. */
    static boolean hasUnread(int descriptor, int bytes) {
        return LIBC.recv(descriptor, new byte[bytes], bytes, MSG_PEEK | MSG_DONTWAIT) == bytes;
    }

    /** Keeps the disk's event loop from doing anything until the latch is counted down. */
    static CountDownLatch stopLoop(BlockDevice disk) {
        CountDownLatch latch = new CountDownLatch(1);
        disk.eventLoop().execute(() -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return latch;
    }

    static void close(int descriptor) {
        LIBC.close(descriptor);
    }

    static boolean isConfigured(NbdDevice device) {
        return Files.exists(Path.of("/sys/block", device.name(), "pid"));
    }

    /** Fails if the process ends within that time. */
    static void requireAlive(BackgroundProcess process, long millis) throws Exception {
        var end = ProcessHandle.of(process.pid()).orElseThrow().onExit();
        assertThatThrownBy(() -> end.get(millis, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
    }

    static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
