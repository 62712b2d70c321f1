package io.lunbridge.iscsi.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PduWriterTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PduWriter writer = new PduWriter(channel);
    private final List<ByteBuf> written = new ArrayList<>();

    @AfterEach
    void release() {
        writer.close();
        written.forEach(ByteBuf::release);
        assertThat(channel.finishAndReleaseAll()).isFalse();
    }

    @Test
    void headersWithoutPayloadLeaveAsOneBufferAtTheEndOfTheTurn() {
        ScsiCommand command = new ScsiCommand();
        for (int i = 0; i < 32; i++) {
            writer.next(command).initiatorTaskTag(i);
            writer.finish();
        }
        assertThat(channel.outboundMessages()).isEmpty();
        channel.runPendingTasks();
        drain();
        assertThat(written).hasSize(1);
        assertThat(written.get(0).readableBytes()).isEqualTo(32 * 48);
        assertThat(command.wrap(written.get(0), 31 * 48).initiatorTaskTag()).isEqualTo(31);
    }

    @Test
    void payloadIsWrittenAsItIs() {
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(4096);
        writer.next(new DataOut());
        writer.finish(payload.retainedSlice(0, 1024));
        writer.next(new DataOut());
        writer.finish(payload.retainedSlice(1024, 1024));
        channel.runPendingTasks();
        drain();
        assertThat(written).hasSize(4);
        assertThat(written.get(1).memoryAddress()).isEqualTo(payload.memoryAddress());
        assertThat(written.get(3).memoryAddress()).isEqualTo(payload.memoryAddress() + 1024);
        assertThat(written.get(2).readableBytes()).isEqualTo(48);
        assertThat(new DataOut().wrap(written.get(2), 0).dataSegmentLength()).isEqualTo(1024);
        payload.release();
    }

    /** The read(10) and the 32-byte vectors of RFC 7143 appendix A.4. */
    @Test
    void digestsAreThoseOfTheStandard() {
        writer.digests(true, true);
        writer.next(new NopOut());
        writer.finish(Unpooled.wrappedBuffer(new byte[32]));
        writer.flush();
        drain();
        ByteBuf all = Unpooled.buffer();
        written.forEach(part -> all.writeBytes(part, 0, part.readableBytes()));
        assertThat(all.readableBytes()).isEqualTo(48 + 4 + 32 + 4);
        assertThat(ByteBufUtil.hexDump(all, 84, 4)).isEqualTo("aa36918a");
        Crc32cDigest read10 = new Crc32cDigest();
        ByteBuf command =
                Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("01c000000000000000000000000000001400000000000400"
                        + "00000014000000182800000000000000" + "0200000000000000"));
        read10.update(command, 0, 48);
        assertThat(Integer.reverseBytes(read10.value())).isEqualTo(0x563a96d9);
    }

    @Test
    void digestsPrecedeTheNextHeader() {
        writer.digests(false, true);
        writer.next(new NopOut());
        writer.finish(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
        writer.next(new NopOut());
        writer.finish();
        writer.flush();
        drain();
        assertThat(written).hasSize(3);
        assertThat(written.get(2).readableBytes()).isEqualTo(3 + 4 + 48);
    }

    @Test
    void aRoomThatIsFullIsFollowedByAnother() {
        for (int i = 0; i < 1000; i++) {
            writer.next(new NopOut()).cmdSn(i);
            writer.finish();
        }
        channel.runPendingTasks();
        drain();
        assertThat(written.stream().mapToInt(ByteBuf::readableBytes).sum()).isEqualTo(48_000);
    }

    @Test
    void afterCloseNothingIsWrittenAndAllIsReleased() {
        ByteBuf payload = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(512);
        writer.next(new NopOut());
        writer.close();
        writer.next(new DataOut());
        writer.finish(payload);
        channel.runPendingTasks();
        drain();
        assertThat(written).isEmpty();
        assertThat(payload.refCnt()).isZero();
    }

    private void drain() {
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            written.add(part);
        }
    }
}
