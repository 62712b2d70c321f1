package io.lunbridge.nbd.transmission;

import io.lunbridge.block.Extent;
import io.lunbridge.block.TurnFlusher;
import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.MetaContext;
import io.lunbridge.nbd.protocol.NbdError;
import io.lunbridge.nbd.protocol.SimpleReply;
import io.lunbridge.nbd.protocol.StructuredReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;

/**
 * Encodes replies and writes them, flushed once per turn of the loop.
 *
 * <p>Headers go into one buffer after the other, and into the socket as slices of it; neighbouring replies without data
 * make one slice. Data follows its header as the buffer that the device gave.
 */
final class ReplyWriter {

    /** Holds some 500 simple replies. */
    private static final int HEADERS_BYTES = 8 * 1024;
    /** Of the text in an error chunk: enough for a sentence, and within a few headers' room whatever the script. */
    private static final int MESSAGE_CHARS_MAX = 300;

    private final ChannelHandlerContext context;
    private final TurnFlusher flusher;
    private final boolean structured;
    private ByteBuf headers = Unpooled.EMPTY_BUFFER;
    private int unwrittenIndex;

    ReplyWriter(ChannelHandlerContext context, boolean structured) {
        this.context = context;
        this.flusher = new TurnFlusher(context.channel());
        this.structured = structured;
    }

    /** Answers a READ with its data, which this owns from now on, and any other request with success. */
    void success(NbdRequest request, ByteBuf data) {
        if (request.type() == Command.READ) {
            readHeader(request, data.readableBytes());
        } else {
            SimpleReply.encode(room(SimpleReply.LENGTH), 0, request.cookie());
        }
        if (data.isReadable()) {
            writeHeaders();
            write(data);
        } else {
            data.release();
        }
        flusher.request();
    }

    /** Answers with an error; {@code message} is for people and goes only where the client can take it. */
    void failure(NbdRequest request, NbdError error, String message) {
        if (structured) {
            String text = message.substring(0, Math.min(message.length(), MESSAGE_CHARS_MAX));
            int textBytes = ByteBufUtil.utf8Bytes(text);
            ByteBuf out = room(StructuredReply.LENGTH + StructuredReply.ERROR_LENGTH + textBytes);
            int payloadBytes = StructuredReply.ERROR_LENGTH + textBytes;
            StructuredReply.encodeLast(out, StructuredReply.TYPE_ERROR, request.cookie(), payloadBytes);
            out.writeInt(error.number());
            out.writeShort(textBytes);
            ByteBufUtil.reserveAndWriteUtf8(out, text, textBytes); // the other form reserves 3 bytes per char
        } else {
            SimpleReply.encode(room(SimpleReply.LENGTH), error.number(), request.cookie());
        }
        flusher.request();
    }

    /** Answers BLOCK_STATUS with one chunk for the one context there is. */
    void blockStatus(NbdRequest request, List<Extent> extents) {
        writeHeaders();
        ByteBuf out = context.alloc().directBuffer();
        StructuredReply.encodeLast(out, StructuredReply.TYPE_BLOCK_STATUS, request.cookie(), 0);
        out.writeInt(Negotiated.ALLOCATION_CONTEXT_ID);
        BlockStatusDescriptors.encode(out, request, extents);
        out.setInt(StructuredReply.LENGTH - Integer.BYTES, out.readableBytes() - StructuredReply.LENGTH);
        assert out.readableBytes() >= StructuredReply.LENGTH + MetaContext.CONTEXT_ID_BYTES;
        write(out);
        flusher.request();
    }

    /** Passes on what has been encoded. Called before each flush. */
    void writeHeaders() {
        int from = unwrittenIndex;
        int to = headers.writerIndex();
        if (to > from) {
            unwrittenIndex = to; // first, because a write may lead to a flush, and that here again
            write(headers.retainedSlice(from, to - from));
        }
    }

    /** Closes the socket once it has taken every reply. */
    void closeAfterReplies() {
        writeHeaders();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Drops what is not written. Nothing may be answered after this. */
    void release() {
        headers.release();
        headers = Unpooled.EMPTY_BUFFER;
        unwrittenIndex = 0;
    }

    private void write(ByteBuf message) {
        ChannelFuture unused = context.write(message, context.voidPromise());
    }

    private void readHeader(NbdRequest request, int dataBytes) {
        if (!structured) {
            SimpleReply.encode(room(SimpleReply.LENGTH), 0, request.cookie());
        } else if (dataBytes == 0) {
            StructuredReply.encodeLast(room(StructuredReply.LENGTH), StructuredReply.TYPE_NONE, request.cookie(), 0);
        } else {
            ByteBuf out = room(StructuredReply.LENGTH + StructuredReply.OFFSET_LENGTH);
            int payloadBytes = StructuredReply.OFFSET_LENGTH + dataBytes;
            StructuredReply.encodeLast(out, StructuredReply.TYPE_OFFSET_DATA, request.cookie(), payloadBytes);
            out.writeLong(request.offsetBytes());
        }
    }

    private ByteBuf room(int bytes) {
        if (headers.writableBytes() < bytes) {
            writeHeaders();
            if (headers.refCnt() == 1 && headers.capacity() >= bytes) {
                headers.clear();
            } else {
                headers.release();
                headers = context.alloc().directBuffer(HEADERS_BYTES, HEADERS_BYTES);
            }
            unwrittenIndex = 0;
        }
        return headers;
    }
}
