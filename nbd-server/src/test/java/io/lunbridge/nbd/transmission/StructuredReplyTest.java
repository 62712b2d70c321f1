package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.blockStatus;
import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.request;
import static io.lunbridge.nbd.wire.Requests.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.Feature;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Reply;
import io.lunbridge.nbd.wire.Requests;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Structured replies and block status, once negotiated. */
class StructuredReplyTest {

    private final TransmissionHarness nbd = TransmissionHarness.structured();

    @AfterEach
    void close() {
        nbd.close();
    }

    @Test
    void readIsOneLastChunkWithItsOffset() {
        byte[] data = Bytes.pattern(1000, 3);
        nbd.send(write(1, 77, data));
        assertThat(nbd.reply().error()).isZero();
        nbd.send(request(Requests.DF, 0, 2, 77, 1000));
        Reply reply = nbd.reply();
        assertThat(reply.type()).isEqualTo(Reply.OFFSET_DATA);
        assertThat(reply.flags()).isEqualTo(1);
        assertThat(reply.cookie()).isEqualTo(2);
        assertThat(reply.offset()).isEqualTo(77);
        assertThat(reply.content()).isEqualTo(data);
    }

    @Test
    void readOfNothingIsAnEmptyLastChunk() {
        nbd.send(read(1, 0, 0));
        Reply reply = nbd.reply();
        assertThat(reply.type()).isEqualTo(Reply.NONE);
        assertThat(reply.flags()).isEqualTo(1);
        assertThat(reply.data()).isEmpty();
    }

    @Test
    void failuresCarryTheDevicesWords() {
        try (TransmissionHarness faulty = TransmissionHarness.over(
                true, disk -> new FaultyBlockDevice(disk).failing(all -> true).with(BlockError.IO))) {
            faulty.send(read(1, 0, 512), flush(2));
            assertThat(faulty.replies()).hasSize(2).allSatisfy(reply -> {
                assertThat(reply.type()).isEqualTo(Reply.ERROR);
                assertThat(reply.flags()).isEqualTo(1);
                assertThat(reply.error()).isEqualTo(5);
                assertThat(reply.message()).startsWith("made to fail");
            });
        }
    }

    @Test
    void statusTellsDataAndHoles() {
        nbd.send(write(1, 4096, Bytes.pattern(8192, 1)), blockStatus(0, 2, 0, 65536));
        Reply reply = nbd.replies().get(1);
        assertThat(reply.type()).isEqualTo(Reply.BLOCK_STATUS);
        assertThat(reply.flags()).isEqualTo(1);
        assertThat(reply.data())
                .isEqualTo(new Bytes()
                        .u32(1)
                        .u32(4096)
                        .u32(3)
                        .u32(8192)
                        .u32(0)
                        .u32(65536 - 4096 - 8192)
                        .u32(3)
                        .toArray());
    }

    @Test
    void statusOfOneExtentIsNotLongerThanAsked() {
        nbd.send(write(1, 4096, Bytes.pattern(8192, 1)));
        nbd.send(blockStatus(Requests.REQ_ONE, 2, 0, 65536), blockStatus(Requests.REQ_ONE, 3, 8192, 512));
        assertThat(nbd.replies())
                .extracting(Reply::data)
                .contains(new Bytes().u32(1).u32(4096).u32(3).toArray())
                .contains(new Bytes().u32(1).u32(512).u32(0).toArray());
    }

    @Test
    void statusHasABoundedNumberOfDescriptors() {
        for (int at = 0; at < TransmissionHarness.SIZE; at += 1024) {
            nbd.send(write(1, at, new byte[] {1}));
        }
        nbd.disk.change(TestGeometry.resized(nbd.disk.geometry(), 64L << 20));
        for (int at = 1 << 20; at < 16 << 20; at += 1024) {
            nbd.send(write(1, at, new byte[] {1}));
        }
        nbd.replies();
        nbd.send(blockStatus(0, 2, 0, 64 << 20));
        assertThat(nbd.reply().data()).hasSize(4 + 8 * BlockStatusDescriptors.DESCRIPTORS_MAX);
    }

    @Test
    void statusThatTheDeviceRefusesIsAnErrorChunk() {
        nbd.disk.vanish(new BlockException(BlockError.IO, "gone"));
        nbd.send(blockStatus(0, 2, 512, 1024));
        Reply reply = nbd.reply();
        assertThat(reply.type()).isEqualTo(Reply.ERROR);
        assertThat(reply.error()).isEqualTo(108);
    }

    @Test
    void deviceThatKnowsNothingIsAllData() {
        nbd.disk.change(TestGeometry.without(nbd.disk.geometry(), Feature.BLOCK_STATUS));
        nbd.send(blockStatus(0, 2, 512, 1024));
        assertThat(nbd.reply().data())
                .isEqualTo(new Bytes().u32(1).u32(1024).u32(0).toArray());
    }
}
