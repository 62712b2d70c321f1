package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.disc;
import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.request;
import static io.lunbridge.nbd.wire.Requests.write;
import static io.lunbridge.nbd.wire.Requests.writeFua;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.wire.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which a connection can end. */
class EndTest {

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
    void disconnectAnswersWhatIsOutstandingFirst() {
        nbd.send(flush(1), write(2, 0, new byte[512]), disc(), flush(3));
        assertThat(nbd.channel.isOpen()).isTrue();
        device.succeed();
        assertThat(nbd.reply().cookie()).isEqualTo(1);
        assertThat(nbd.channel.isOpen()).isTrue();
        device.succeed();
        assertThat(nbd.reply().cookie()).isEqualTo(2);
        assertThat(nbd.channel.isOpen()).isFalse();
        assertThat(device.calls).hasSize(2);
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void disconnectWaitsForASlowReader() {
        nbd.blockWriting();
        nbd.send(flush(1), disc());
        device.succeed();
        nbd.channel.runPendingTasks();
        assertThat(nbd.channel.isOpen()).isTrue();
        nbd.unblockWriting();
        assertThat(nbd.reply().cookie()).isEqualTo(1);
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    @Test
    void deadClientsRequestsAreAwaitedAndNotAnswered() {
        nbd.send(read(1, 0, 512), write(2, 0, new byte[512]), flush(3));
        assertThat(nbd.channel.close().isSuccess()).isTrue();
        assertThat(nbd.connection.terminated().isDone()).isFalse();
        device.succeed(ByteBufAllocator.DEFAULT.directBuffer().writeZero(512));
        device.succeed();
        assertThat(nbd.connection.terminated().isDone()).isFalse();
        device.succeed();
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
        assertThat(nbd.replies()).isEmpty();
    }

    @Test
    void deadClientsWriteIsNotFlushedForIt() {
        device.become(TestGeometry.without(GEOMETRY, Feature.DURABLE_WRITE));
        nbd.send(writeFua(1, 0, new byte[512]));
        assertThat(nbd.channel.close().isSuccess()).isTrue();
        device.succeed();
        assertThat(device.calls).doesNotContain("flush");
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void deathInTheMiddleOfARequestReleasesIt() {
        nbd.send(request(0, 1, 1, 0, 4096), new byte[100]);
        nbd.send(new byte[100]);
        assertThat(nbd.channel.close().isSuccess()).isTrue();
        assertThat(device.calls).isEmpty();
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void finishAnswersWhatIsInFlightAndReadsNoMore() {
        nbd.send(flush(1), request(0, 1, 2, 0, 4096), new byte[100]);
        nbd.connection.finish();
        nbd.send(new byte[3996], flush(3));
        assertThat(nbd.channel.isOpen()).isTrue();
        device.succeed();
        assertThat(nbd.reply().cookie()).isEqualTo(1);
        assertThat(nbd.channel.isOpen()).isFalse();
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void idleConnectionFinishesAtOnce() {
        nbd.connection.finish();
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    @Test
    void shutDownRefusesNewRequestsAndAnswersOldOnes() {
        nbd.send(flush(1));
        nbd.connection.shutDown();
        nbd.send(flush(2), write(3, 0, new byte[512]));
        assertThat(nbd.replies()).extracting(Reply::error).containsExactly(108, 108);
        device.succeed();
        assertThat(nbd.reply().error()).isZero();
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    @Test
    void shutDownWithRequestsParkedRefusesThem() {
        for (int i = 0; i < InFlight.REQUESTS_MAX + 10; i++) {
            nbd.send(flush(i));
        }
        nbd.connection.shutDown();
        device.succeedAll();
        assertThat(nbd.replies())
                .hasSize(InFlight.REQUESTS_MAX + 10)
                .filteredOn(reply -> reply.error() == 108)
                .hasSize(10);
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    @Test
    void deathWithRequestsParkedReleasesThem() {
        for (int i = 0; i < InFlight.REQUESTS_MAX + 10; i++) {
            nbd.send(write(i, 0, new byte[512]));
        }
        assertThat(nbd.channel.close().isSuccess()).isTrue();
        device.succeedAll();
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void ioErrorClosesTheChannel() {
        nbd.channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    @Test
    void transmissionOnlyNeedsNoHandshake() {
        EmbeddedChannel channel = new EmbeddedChannel();
        MemoryBlockDevice disk = MemoryBlockDevice.of(channel.eventLoop(), 1 << 20);
        NbdConnection connection = NbdConnection.transmissionOnly(channel, new Export("disk", "", disk));
        channel.writeInbound(io.netty.buffer.Unpooled.wrappedBuffer(flush(1)));
        ByteBuf reply = channel.readOutbound();
        assertThat(reply.readInt()).isEqualTo(0x67446698);
        reply.release();
        connection.finish();
        assertThat(channel.isOpen()).isFalse();
        assertThat(connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void channelThatIsAlreadyClosedTerminatesAtOnce() {
        EmbeddedChannel channel = new EmbeddedChannel();
        MemoryBlockDevice disk = MemoryBlockDevice.of(channel.eventLoop(), 1 << 20);
        assertThat(channel.close().isSuccess()).isTrue();
        NbdConnection connection = NbdConnection.transmissionOnly(channel, new Export("disk", "", disk));
        assertThat(connection.terminated().isSuccess()).isTrue();
    }

    @Test
    void deviceOfAnotherLoopIsRefused() {
        EmbeddedChannel channel = new EmbeddedChannel();
        Export elsewhere = new Export("disk", "", nbd.disk);
        assertThatIllegalStateException().isThrownBy(() -> NbdConnection.transmissionOnly(channel, elsewhere));
        channel.finishAndReleaseAll();
    }
}
