package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.disc;
import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.request;
import static io.lunbridge.nbd.wire.Requests.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The stream may be torn anywhere, and the same requests come out of it, without a copy of their payload. */
class FragmentsTest {

    private static final byte[] DATA = Bytes.pattern(300, 5);
    private static final byte[] STREAM = Bytes.join(
            write(1, 1000, DATA),
            request(0, 1, 2, TransmissionHarness.SIZE, 60),
            new byte[60],
            flush(3),
            read(4, 1000, 300),
            disc());

    @Test
    void tornOnceAtEveryByte() {
        for (int cut = 1; cut < STREAM.length; cut++) {
            try (TransmissionHarness nbd = TransmissionHarness.simple()) {
                nbd.send(Arrays.copyOfRange(STREAM, 0, cut));
                nbd.send(Arrays.copyOfRange(STREAM, cut, STREAM.length));
                assertAnswered(nbd);
            }
        }
    }

    @Test
    void oneByteAtATime() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            for (byte each : STREAM) {
                nbd.send(new byte[] {each});
            }
            assertAnswered(nbd);
        }
    }

    @Test
    void tornAnywhere() {
        Random random = new Random(20);
        for (int run = 0; run < 500; run++) {
            try (TransmissionHarness nbd = TransmissionHarness.simple()) {
                for (int at = 0; at < STREAM.length; ) {
                    int end = Math.min(STREAM.length, at + 1 + random.nextInt(90));
                    nbd.send(Arrays.copyOfRange(STREAM, at, end));
                    at = end;
                }
                assertAnswered(nbd);
            }
        }
    }

    @Test
    void wholePayloadIsASliceOfTheReceivedBuffer() {
        ByteBuf received = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(DATA);
        PayloadGatherer payload = new PayloadGatherer(ByteBufAllocator.DEFAULT);
        payload.begin(100);
        assertThat(payload.add(received)).isTrue();
        ByteBuf taken = payload.take();
        assertThat(taken.memoryAddress()).isEqualTo(received.memoryAddress());
        assertThat(taken.readableBytes()).isEqualTo(100);
        assertThat(received.readerIndex()).isEqualTo(100);
        taken.release();
        assertThat(received.release()).isTrue();
    }

    @Test
    void tornPayloadIsComposedOfSlices() {
        ByteBuf first = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(DATA, 0, 100);
        ByteBuf second = ByteBufAllocator.DEFAULT.directBuffer().writeBytes(DATA, 100, 200);
        PayloadGatherer payload = new PayloadGatherer(ByteBufAllocator.DEFAULT);
        payload.begin(300);
        assertThat(payload.add(first)).isFalse();
        assertThat(payload.add(second)).isTrue();
        assertThat(payload.pinnedBytes()).isEqualTo(2L * NbdConnection.RECEIVE_BUFFER_BYTES);
        CompositeByteBuf taken = (CompositeByteBuf) payload.take();
        assertThat(taken.numComponents()).isEqualTo(2);
        assertThat(taken.component(0).memoryAddress()).isEqualTo(first.memoryAddress());
        assertThat(taken.component(1).memoryAddress()).isEqualTo(second.memoryAddress());
        assertThat(ByteBufUtil.getBytes(taken)).isEqualTo(DATA);
        taken.release();
        assertThat(first.release()).isTrue();
        assertThat(second.release()).isTrue();
    }

    @Test
    void payloadInCrumbsIsCopiedBeforeItPinsTooMuch() {
        byte[] data = Bytes.pattern(4096, 1);
        PayloadGatherer payload = new PayloadGatherer(ByteBufAllocator.DEFAULT);
        payload.begin(data.length);
        for (byte each : data) {
            ByteBuf crumb = ByteBufAllocator.DEFAULT.directBuffer(64).writeByte(each);
            payload.add(crumb);
            crumb.release();
            assertThat(payload.pinnedBytes()).isLessThanOrEqualTo(33L * NbdConnection.RECEIVE_BUFFER_BYTES);
        }
        ByteBuf taken = payload.take();
        assertThat(taken instanceof CompositeByteBuf).isFalse();
        assertThat(ByteBufUtil.getBytes(taken)).isEqualTo(data);
        taken.release();
    }

    private static void assertAnswered(TransmissionHarness nbd) {
        List<Reply> replies = nbd.expectData(4, DATA.length).replies();
        assertThat(replies).extracting(Reply::cookie).containsExactly(1L, 2L, 3L, 4L);
        assertThat(replies).extracting(Reply::error).containsExactly(0, 28, 0, 0);
        assertThat(replies.get(3).data()).isEqualTo(DATA);
        assertThat(nbd.channel.isOpen()).isFalse();
        assertThat(nbd.connection.terminated().isSuccess()).isTrue();
    }
}
