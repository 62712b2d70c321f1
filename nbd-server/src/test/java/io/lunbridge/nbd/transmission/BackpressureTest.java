package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Geometry;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.wire.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each limit of a connection, reached; reading stops there and goes on below. */
class BackpressureTest {

    private static final Geometry GEOMETRY = TestGeometry.of(1L << 30, 512, 32 << 20);

    private final TransmissionHarness nbd = TransmissionHarness.scripted(false, GEOMETRY);
    private final ScriptedDevice device = nbd.scripted();

    @AfterEach
    void close() {
        device.written.forEach(ByteBuf::release);
        device.succeedAll();
        nbd.close();
    }

    @Test
    void requestsInFlightAreLimited() {
        byte[] stream = new byte[0];
        for (int i = 0; i < InFlight.REQUESTS_MAX + 100; i++) {
            stream = Bytes.join(stream, flush(i));
        }
        nbd.send(stream);
        assertThat(device.waiting()).isEqualTo(InFlight.REQUESTS_MAX);
        assertThat(reads()).isFalse();
        for (int i = 1; i < InFlight.REQUESTS_MAX / 2; i++) {
            device.succeed();
            assertThat(reads()).isFalse();
        }
        device.succeed();
        assertThat(reads()).isTrue();
        assertThat(device.waiting()).isEqualTo(InFlight.REQUESTS_MAX / 2 + 100);
        device.succeedAll();
        assertThat(nbd.replies()).hasSize(InFlight.REQUESTS_MAX + 100);
    }

    @Test
    void bytesOfReadsInFlightAreLimited() {
        nbd.send(read(1, 0, 8 << 20), read(2, 0, 8 << 20), read(3, 0, 512), read(4, 0, 512));
        assertThat(device.waiting()).isEqualTo(2);
        assertThat(reads()).isFalse();
        device.succeed(Unpooled.wrappedBuffer(new byte[8 << 20]));
        assertThat(reads()).isFalse(); // the reply is unsent
        nbd.channel.runPendingTasks();
        assertThat(reads()).isTrue();
        assertThat(device.calls).hasSize(4);
        device.succeedAll();
    }

    @Test
    void memoryPinnedByWritesInFlightIsLimited() {
        int pieces = 0;
        while (reads()) {
            nbd.send(write(pieces, 0, new byte[512]));
            pieces++;
        }
        assertThat((long) (pieces - 1) * NbdConnection.RECEIVE_BUFFER_BYTES).isLessThanOrEqualTo(InFlight.BYTES_MAX);
        assertThat(device.waiting()).isLessThanOrEqualTo(InFlight.REQUESTS_MAX);
    }

    @Test
    void clientThatDoesNotTakeItsRepliesIsNotRead() {
        nbd.blockWriting();
        int sent = 0;
        while (reads()) {
            nbd.send(read(sent, 0, 1 << 20));
            if (device.waiting() > 0) {
                device.succeed(Unpooled.wrappedBuffer(new byte[1 << 20]));
            }
            sent++;
        }
        assertThat(sent).isBetween(4, 6);
        assertThat(device.waiting()).isZero();
        nbd.unblockWriting();
        assertThat(reads()).isTrue();
        for (long cookie = 0; cookie < sent; cookie++) {
            nbd.expectData(cookie, 1 << 20);
        }
        device.succeed(Unpooled.wrappedBuffer(new byte[1 << 20]));
        assertThat(nbd.replies()).hasSize(sent);
    }

    @Test
    void whatArrivesThoughReadingIsOffIsKeptUpToALimit() {
        for (int i = 0; i < InFlight.REQUESTS_MAX; i++) {
            nbd.send(flush(i));
        }
        for (int i = 0; i < 64; i++) {
            nbd.send(flush(1000 + i));
        }
        assertThat(device.waiting()).isEqualTo(InFlight.REQUESTS_MAX);
        assertThat(reads()).isFalse();
        device.succeedAll();
        assertThat(nbd.replies()).hasSize(InFlight.REQUESTS_MAX + 64);
        for (int i = 0; i < InFlight.REQUESTS_MAX + 65; i++) {
            nbd.send(flush(i));
        }
        device.succeedAll();
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    private boolean reads() {
        return nbd.channel.config().isAutoRead();
    }
}
