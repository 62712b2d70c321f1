package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.FAST_ZERO;
import static io.lunbridge.nbd.wire.Requests.FUA;
import static io.lunbridge.nbd.wire.Requests.NO_HOLE;
import static io.lunbridge.nbd.wire.Requests.cache;
import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.request;
import static io.lunbridge.nbd.wire.Requests.trim;
import static io.lunbridge.nbd.wire.Requests.write;
import static io.lunbridge.nbd.wire.Requests.writeFua;
import static io.lunbridge.nbd.wire.Requests.zeroes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a request makes of the device, and what the device's answer makes of the request. */
class DeviceCallsTest {

    private static final Geometry GEOMETRY = TestGeometry.of(1L << 42, 512, 32 << 20);

    private final TransmissionHarness nbd = TransmissionHarness.scripted(false, GEOMETRY);
    private final ScriptedDevice device = nbd.scripted();

    @AfterEach
    void close() {
        device.written.forEach(ByteBuf::release);
        device.succeedAll();
        nbd.close();
    }

    @Test
    void requestsArePassedAsTheyAre() {
        nbd.send(
                read(1, 1L << 40, 4096),
                write(2, 512, new byte[512]),
                writeFua(3, 1024, new byte[512]),
                flush(4),
                trim(0, 5, 512, 0xfffffe00L),
                cache(6, 0, 1024));
        assertThat(device.calls)
                .containsExactly(
                        "read 1099511627776 4096",
                        "write 512 512 CACHED",
                        "write 1024 512 DURABLE",
                        "flush",
                        "discard 512 4294966784",
                        "prefetch 0 1024");
        assertThat(nbd.replies()).isEmpty();
    }

    @Test
    void zeroingKeepsItsFlags() {
        nbd.send(
                zeroes(0, 1, 0, 0xfffffe00L),
                zeroes(NO_HOLE, 2, 0, 512),
                zeroes(FAST_ZERO | FUA, 3, 0, 512),
                zeroes(FAST_ZERO | NO_HOLE, 4, 0, 512));
        assertThat(device.calls)
                .containsExactly(
                        "zeroes 0 4294966784 MAY_DEALLOCATE CACHED",
                        "zeroes 0 512 KEEP_ALLOCATED CACHED",
                        "zeroes 0 512 MAY_DEALLOCATE_FAST DURABLE",
                        "zeroes 0 512 KEEP_ALLOCATED_FAST CACHED");
    }

    @Test
    void durabilityThatTheDeviceLacksIsAFlushAfterwards() {
        device.become(TestGeometry.without(GEOMETRY, Feature.DURABLE_WRITE));
        nbd.send(writeFua(1, 0, new byte[512]), zeroes(FUA, 2, 0, 512));
        assertThat(device.calls).containsExactly("write 0 512 CACHED", "zeroes 0 512 MAY_DEALLOCATE CACHED");
        device.succeed();
        device.succeed();
        assertThat(nbd.replies()).isEmpty();
        assertThat(device.calls).endsWith("flush", "flush");
        device.succeedAll();
        assertThat(nbd.replies()).extracting(Reply::cookie).containsExactly(1L, 2L);
    }

    @Test
    void failedWriteIsNotFlushed() {
        try (TransmissionHarness faulty = TransmissionHarness.over(false, disk -> {
            disk.change(TestGeometry.without(disk.geometry(), Feature.DURABLE_WRITE));
            return new FaultyBlockDevice(disk).failing(request -> request.data().isReadable());
        })) {
            faulty.send(writeFua(1, 0, new byte[512]));
            assertThat(faulty.reply().error()).isEqualTo(5);
        }
    }

    @Test
    void trimmedDurablyIsFlushed() {
        nbd.send(trim(FUA, 1, 0, 512));
        device.succeed();
        assertThat(device.calls).containsExactly("discard 0 512", "flush");
        assertThat(nbd.replies()).isEmpty();
        device.succeed();
        assertThat(nbd.reply().error()).isZero();
    }

    @Test
    void fuaWhereNothingIsWrittenIsIgnored() {
        nbd.send(request(FUA, 0, 1, 0, 512), request(FUA, 3, 2, 0, 0), request(FUA, 5, 3, 0, 512));
        assertThat(device.calls).containsExactly("read 0 512", "flush", "prefetch 0 512");
    }

    @Test
    void whatTheDeviceCannotDoIsNotAskedOfIt() {
        device.become(TestGeometry.without(GEOMETRY, Feature.PREFETCH, Feature.DISCARD, Feature.FLUSH));
        nbd.send(cache(1, 0, 512), trim(0, 2, 0, 512), flush(3));
        assertThat(device.calls).isEmpty();
        assertThat(nbd.replies()).extracting(Reply::error).containsExactly(0, 0, 0);
    }

    @Test
    void answersGoOutAsTheyCome() {
        nbd.expectData(1, 512).send(read(1, 0, 512), flush(2));
        ByteBuf data = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(Bytes.pattern(512, 9));
        device.succeed(data);
        assertThat(nbd.reply().data()).isEqualTo(Bytes.pattern(512, 9));
        device.succeed();
        assertThat(nbd.reply().cookie()).isEqualTo(2);
    }

    @Test
    void theVeryMemoryOfTheDeviceGoesOut() {
        nbd.send(read(1, 0, 512));
        ByteBuf data = ByteBufAllocator.DEFAULT.directBuffer().writeZero(512);
        device.succeed(data);
        nbd.channel.runPendingTasks();
        ByteBuf header = nbd.channel.readOutbound();
        assertThat(header.readableBytes()).isEqualTo(16);
        header.release();
        ByteBuf sent = nbd.channel.readOutbound();
        assertThat(sent).isSameAs(data);
        assertThat(sent.release()).isTrue();
    }

    @Test
    void theVeryMemoryOfTheClientGoesIn() {
        ByteBuf received = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(write(1, 0, new byte[512]));
        long payloadAddress = received.memoryAddress() + 28;
        nbd.channel.writeInbound(received);
        assertThat(device.written.element().memoryAddress()
                        + device.written.element().readerIndex())
                .isEqualTo(payloadAddress);
    }

    @Test
    void dataOfAnotherLengthThanAskedIsAnError() {
        nbd.send(read(1, 0, 512));
        device.succeed(ByteBufAllocator.DEFAULT.directBuffer().writeZero(511));
        assertThat(nbd.reply().error()).isEqualTo(5);
    }

    @Test
    void repliesOfOneTurnWithoutDataAreOnePiece() {
        nbd.send(flush(1), flush(2), flush(3));
        device.succeedAll();
        nbd.channel.runPendingTasks();
        assertThat(nbd.channel.outboundMessages()).hasSize(1);
        assertThat(nbd.replies()).hasSize(3);
    }

    @Test
    void manyRepliesCarryTheirOwnCookies() {
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 200; i++) {
                nbd.send(flush(1000L * round + i));
            }
            device.succeedAll();
        }
        assertThat(nbd.replies()).hasSize(4000).extracting(Reply::cookie).doesNotHaveDuplicates();
    }

    @Test
    void longMessagesAreCut() {
        try (TransmissionHarness structured = TransmissionHarness.scripted(true, GEOMETRY)) {
            structured.send(flush(1), flush(2));
            structured.scripted().fail(new BlockException(BlockError.IO, "ü".repeat(5000)));
            structured.scripted().fail(new BlockException(BlockError.NO_MEMORY, "short"));
            assertThat(structured.replies()).extracting(Reply::message).containsExactly("ü".repeat(300), "short");
        }
    }

    @Test
    void errorRepliesFitWhereverTheHeaderBufferEnds() {
        try (TransmissionHarness structured = TransmissionHarness.scripted(true, GEOMETRY)) {
            for (int length = 0; length < 300; length++) {
                structured.send(flush(length));
                structured.scripted().fail(new BlockException(BlockError.IO, "x".repeat(length)));
            }
            assertThat(structured.replies())
                    .hasSize(300)
                    .allSatisfy(reply -> assertThat(reply.message()).hasSize((int) reply.cookie()));
        }
    }
}
