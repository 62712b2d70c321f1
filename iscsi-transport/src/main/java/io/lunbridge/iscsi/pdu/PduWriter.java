package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/**
 * Writes PDUs to a channel: headers side by side in pooled memory, payload between them untouched.
 *
 * <p>{@code next(view)} views the next free 48 bytes; after its fields are set, {@code finish(…)} completes the PDU with
 * its payload, padding and digests. Headers that follow one another without payload leave as one buffer, so a turn's worth
 * of commands costs one entry of the gathering write. One flush goes out per turn of the event loop, however many PDUs
 * were finished in it. Writes use the channel's void promise: a failure reaches the pipeline's {@code exceptionCaught}.
 *
 * <p>Confined to the channel's event loop. {@link #close} must be called once, when the channel is done with.
 */
public final class PduWriter implements Runnable {

    /** Room of headers and trailers that are allocated at once. */
    private static final int ROOM_BYTES = 4096;

    /** What a PDU can take of a room: header, header digest, padding, data digest. */
    private static final int MAX_PDU_BYTES = BasicHeader.LENGTH_BYTES + 2 * Crc32cDigest.LENGTH_BYTES + 3;

    private final Channel channel;
    private final Crc32cDigest crc = new Crc32cDigest();
    private final PduCounts counts = new PduCounts();

    /** Written up to its writer index; given to the channel up to its reader index. */
    private ByteBuf room = Unpooled.EMPTY_BUFFER;

    private boolean headerDigest;
    private boolean dataDigest;
    private boolean flushScheduled;
    private int flushes;
    private boolean closed;
    private long writtenBytes;

    public PduWriter(Channel channel) {
        this.channel = channel;
    }

    /** What was finished so far. */
    public PduCounts counts() {
        return counts;
    }

    /** Adds CRC32C digests from the next PDU on. */
    public void digests(boolean onHeader, boolean onData) {
        headerDigest = onHeader;
        dataDigest = onData;
    }

    /** Views a new, empty header; exactly one {@code finish} must follow before the next one. */
    public <S extends BasicHeader<S>> S next(S view) {
        if (room.writableBytes() < MAX_PDU_BYTES) {
            drain();
            room.release();
            room = closed ? Unpooled.buffer(ROOM_BYTES) : channel.alloc().directBuffer(ROOM_BYTES, ROOM_BYTES);
        }
        return view.wrapNew(room, room.writerIndex());
    }

    /** Completes the PDU that {@link #next} began; it has no data segment. */
    public void finish() {
        endHeader();
        requestFlush();
    }

    /**
     * Completes the PDU that {@link #next} began.
     *
     * @param payload its readable bytes are the data segment, at most {@link BasicHeader#MAX_DATA_SEGMENT_BYTES}; owned
     *     by the writer from here on
     */
    public void finish(ByteBuf payload) {
        int lengthBytes = payload.readableBytes();
        if (lengthBytes == 0 || closed) {
            payload.release();
            finish();
            return;
        }
        room.setMedium(room.writerIndex() + BasicHeader.DATA_SEGMENT_LENGTH_OFFSET, lengthBytes);
        endHeader();
        int padBytes = PduReader.padBytes(lengthBytes);
        int trailerAt = room.writerIndex();
        if (dataDigest) {
            crc.reset();
            crc.update(payload, payload.readerIndex(), lengthBytes);
        }
        drain();
        write(payload);
        room.writeZero(padBytes);
        if (dataDigest) {
            crc.update(room, trailerAt, padBytes);
            room.writeIntLE(crc.value());
        }
        requestFlush();
    }

    /** How often anything was flushed; wraps. What was finished since the last flush has not left the process. */
    public int flushes() {
        return flushes;
    }

    /** Flushes at once instead of at the end of the turn. */
    public void flush() {
        drain();
        flushes++;
        channel.flush();
    }

    /** Bytes given to the channel so far, whether they have left it or not. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Releases the memory; what is finished later is dropped. */
    public void close() {
        closed = true;
        room.release();
        room = Unpooled.EMPTY_BUFFER;
    }

    /** The end of the turn: called by the event loop. */
    @Override
    public void run() {
        flushScheduled = false;
        flush();
    }

    private void endHeader() {
        int at = room.writerIndex();
        counts.add(room.getByte(at), room.getUnsignedMedium(at + BasicHeader.DATA_SEGMENT_LENGTH_OFFSET));
        room.writerIndex(at + BasicHeader.LENGTH_BYTES);
        if (headerDigest) {
            crc.reset();
            crc.update(room, at, BasicHeader.LENGTH_BYTES);
            room.writeIntLE(crc.value());
        }
    }

    private void drain() {
        if (room.isReadable() && !closed) {
            write(room.readRetainedSlice(room.readableBytes()));
        }
    }

    /** The void promise reports a failure to the pipeline, so the future tells nothing. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void write(ByteBuf part) {
        writtenBytes += part.readableBytes();
        channel.write(part, channel.voidPromise());
    }

    private void requestFlush() {
        if (!flushScheduled) {
            flushScheduled = true;
            channel.eventLoop().execute(this);
        }
    }
}
