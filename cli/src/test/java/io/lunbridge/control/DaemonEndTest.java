package io.lunbridge.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which way out the daemon takes, and what the service manager is told meanwhile. */
@Timeout(30)
final class DaemonEndTest {

    @TempDir
    private Path directory;

    private final CompletableFuture<Void> releasing = new CompletableFuture<>();
    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch idle = new CountDownLatch(1);

    private final DaemonEnd.Held held = new DaemonEnd.Held() {
        @Override
        public void close() {
            done.add("close");
            closing.countDown();
            try {
                idle.await();
            } catch (InterruptedException e) {
                done.add("interrupted");
            }
        }

        @Override
        public void hurry() {
            done.add("hurry");
            idle.countDown();
        }

        @Override
        public void release() {
            done.add("release");
        }
    };

    private void end(String notifySocket, long tellMillis) {
        try (Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", notifySocket))) {
            new DaemonEnd(held, supervisor, releasing, tellMillis).run();
        }
    }

    @Test
    void devicesAreClosedAndTheSupervisorIsToldToWait() throws Exception {
        Path socket = directory.resolve("notify");
        try (UnixDatagramChannel listening =
                UnixDatagramChannel.open().bind(new UnixSocketAddress(socket.toString()))) {
            CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> end(socket.toString(), 50));
            assertThat(next(listening)).isEqualTo("STOPPING=1\nEXTEND_TIMEOUT_USEC=15000000");
            assertThat(next(listening)).isEqualTo("EXTEND_TIMEOUT_USEC=15000000");
            assertThat(next(listening)).isEqualTo("EXTEND_TIMEOUT_USEC=15000000");
            idle.countDown();
            ending.join();
        }
        assertThat(done).containsExactly("close");
    }

    private static String next(UnixDatagramChannel channel) throws java.io.IOException {
        ByteBuffer datagram = ByteBuffer.allocate(4096);
        channel.receive(datagram);
        return StandardCharsets.UTF_8.decode(datagram.flip()).toString();
    }

    @Test
    void whereASuccessorIsAboutToStartNothingIsDetached() {
        releasing.complete(null);
        end("", 1000);
        assertThat(done).containsExactly("release");
    }

    @Test
    void successorThatComesMeanwhileIsNotKeptWaiting() throws Exception {
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> end("", 30_000));
        closing.await();
        releasing.complete(null);
        ending.join();
        assertThat(done).containsExactly("close", "hurry");
    }

    @Test
    void stopSignalsInterruptIsPutOff() {
        Thread.currentThread().interrupt();
        var unused = CompletableFuture.runAsync(() -> {
            try {
                closing.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            idle.countDown();
        });
        end("", 30_000);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).containsExactly("close");
    }
}
