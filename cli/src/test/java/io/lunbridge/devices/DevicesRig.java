package io.lunbridge.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.target.RamTarget;
import io.lunbridge.iscsi.target.RamTargetOptions;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A target, and a process after the other that holds devices on it. */
abstract class DevicesRig {

    private static final String NAME = "iqn.2026-01.io.lunbridge:devices";

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @TempDir
    Path directory;

    private @Nullable RamTarget target;
    private int port;

    @Nullable
    DaemonProcess daemon;

    @BeforeEach
    void startTarget() throws IOException {
        Files.createDirectory(directory.resolve("kernel"));
        serveTarget();
    }

    void serveTarget() throws IOException {
        RamTargetOptions options =
                new RamTargetOptions(NAME, List.of(1L << 20, 2L << 20), 512, RamTargetOptions.defaultOffer());
        target = RamTarget.start(
                group,
                NioServerSocketChannel.class,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                options);
        port = target.address().getPort();
    }

    void closeTarget() {
        if (target != null) {
            target.close().awaitUninterruptibly();
        }
    }

    @AfterEach
    void end() throws Exception {
        if (daemon != null) {
            daemon.close();
        }
        closeTarget();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    DaemonProcess start(@Nullable Step crashAt) throws IOException {
        DaemonProcess next = DaemonProcess.start(directory, crashAt);
        daemon = next;
        return next;
    }

    String attach(int lun, String... options) {
        return "attach url=iscsi://127.0.0.1:" + port + "/" + NAME + "/" + lun + " " + String.join(" ", options);
    }

    List<Path> files(String below) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(below))) {
            return files.toList();
        }
    }

    List<Path> states() throws IOException {
        return files("run/lunbridge/devices").stream()
                .filter(file -> file.toString().endsWith(".json"))
                .toList();
    }

    void awaitState(DaemonProcess of, String state) throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!state.equals(of.device().get("state")) && System.nanoTime() < endNanos) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(of.device()).containsEntry("state", state);
    }

    static void awaitNoDevice(DaemonProcess of) throws Exception {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!of.tell("list").equals("ok []") && System.nanoTime() < endNanos) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(of.tell("list")).isEqualTo("ok []");
    }

    void assertWorks(String device) throws Exception {
        try (SocketDisk disk = new SocketDisk(directory, device)) {
            disk.write(3, 30);
            assertThat(disk.read(3)).isEqualTo(30);
        }
    }

    /** Writes and reads back, one block after the other, until it is told to end. */
    final class Load {

        private final CompletableFuture<Integer> rounds;
        private volatile boolean ending;
        private final AtomicInteger done = new AtomicInteger();

        Load(String device) {
            rounds = Threads.call("load", () -> run(device));
        }

        private int run(String device) throws Exception {
            try (SocketDisk disk = new SocketDisk(directory, device)) {
                for (int i = 0; !ending; i++) {
                    disk.write(i % 500, i % 251);
                    assertThat(disk.read(i % 500)).as("block " + i % 500).isEqualTo(i % 251);
                    done.incrementAndGet();
                }
            }
            return done.get();
        }

        void awaitWrites(int more) throws Exception {
            int until = done.get() + more;
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (done.get() < until && !rounds.isDone() && System.nanoTime() < endNanos) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(rounds).as("the load").isNotDone();
            assertThat(done.get()).isGreaterThanOrEqualTo(until);
        }

        void end() throws Exception {
            ending = true;
            assertThat(rounds.get(60, TimeUnit.SECONDS)).isPositive();
        }
    }
}
