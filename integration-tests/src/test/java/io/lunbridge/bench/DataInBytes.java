package io.lunbridge.bench;

import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;

/** What a target sends in answer to reads, as it comes over the wire. */
final class DataInBytes {

    private DataInBytes() {}

    /** So many Data-In PDUs with good status in one buffer, which is the caller's to release. */
    static ByteBuf of(int pdus, int segmentBytes, boolean digests) {
        EmbeddedChannel channel = new EmbeddedChannel();
        PduWriter writer = new PduWriter(channel);
        writer.digests(digests, digests);
        DataIn header = new DataIn();
        ByteBuf segment =
                PooledByteBufAllocator.DEFAULT.directBuffer(segmentBytes).writeZero(segmentBytes);
        for (int i = 0; i < pdus; i++) {
            writer.next(header).initiatorTaskTag(i).finalBit(true).statusBit(true);
            writer.finish(segment.retainedSlice());
        }
        segment.release();
        writer.flush();
        channel.runPendingTasks();
        ByteBuf all = PooledByteBufAllocator.DEFAULT.directBuffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        writer.close();
        channel.finishAndReleaseAll();
        return all;
    }
}
