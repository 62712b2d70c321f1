package io.lunbridge.nbd.transmission;

import io.lunbridge.nbd.protocol.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the byte stream into requests. Gathers a header that came in parts itself and passes payload on as slices, so
 * no received byte is copied but those of a torn header.
 */
final class RequestReader {

    /** What the reader tells its connection. */
    interface Listener {

        /** A request object for the next header. */
        NbdRequest begin();

        /** The header is read. False if the request is refused, and its payload is to be thrown away. */
        boolean admit(NbdRequest request);

        /** The request is whole. The payload is the receiver's; empty where there is none or it was thrown away. */
        void ready(NbdRequest request, ByteBuf payload, long pinnedBytes);

        /** The stream is no longer in step, or would be to get back into step only after too much. */
        void violated(String what);

        /** The request's payload will not come. */
        void abandoned(NbdRequest request);
    }

    /** Payload too long to be taken is read and thrown away up to here, to stay in step; beyond is a violation. */
    static final long DISCARDED_BYTES_MAX = 64L << 20;

    private enum Phase {
        HEADER,
        PAYLOAD,
        DISCARD
    }

    private final Listener listener;
    private final PayloadGatherer payload;
    private final ByteBuf tornHeader = Unpooled.buffer(RequestHeader.LENGTH, RequestHeader.LENGTH);
    private Phase phase = Phase.HEADER;
    private long toDiscardBytes;
    private @Nullable NbdRequest current;

    RequestReader(Listener listener, ByteBufAllocator allocator) {
        this.listener = listener;
        this.payload = new PayloadGatherer(allocator);
    }

    /** Whether the next byte is a header's first. */
    boolean isBetweenRequests() {
        return phase == Phase.HEADER && !tornHeader.isReadable();
    }

    /** Reads a part of {@code in}, at least one byte, at most to the end of one request. */
    void advance(ByteBuf in) {
        switch (phase) {
            case HEADER -> readHeader(in);
            case PAYLOAD -> readPayload(in);
            case DISCARD -> discard(in);
        }
    }

    /** Gives up the request that is half read, if there is one. */
    void abandon() {
        payload.abandon();
        NbdRequest torn = current;
        current = null;
        phase = Phase.HEADER;
        if (torn != null) {
            listener.abandoned(torn);
        }
    }

    private void readHeader(ByteBuf in) {
        if (!tornHeader.isReadable() && in.readableBytes() >= RequestHeader.LENGTH) {
            int index = in.readerIndex();
            in.skipBytes(RequestHeader.LENGTH);
            headerRead(in, index);
            return;
        }
        in.readBytes(tornHeader, Math.min(tornHeader.writableBytes(), in.readableBytes()));
        if (!tornHeader.isWritable()) {
            headerRead(tornHeader, 0);
            tornHeader.clear();
        }
    }

    private void headerRead(ByteBuf header, int index) {
        if (RequestHeader.magic(header, index) != RequestHeader.MAGIC) {
            listener.violated("bad magic in a request");
            return;
        }
        NbdRequest request = listener.begin();
        request.begin(header, index);
        boolean admitted = listener.admit(request);
        if (!request.carriesPayload()) {
            listener.ready(request, Unpooled.EMPTY_BUFFER, 0);
            return;
        }
        current = request;
        if (admitted) {
            phase = Phase.PAYLOAD;
            payload.begin((int) request.lengthBytes());
        } else {
            phase = Phase.DISCARD;
            toDiscardBytes = request.lengthBytes();
            if (toDiscardBytes > DISCARDED_BYTES_MAX) {
                listener.violated("payload of " + toDiscardBytes + " bytes");
            }
        }
    }

    private void readPayload(ByteBuf in) {
        if (payload.add(in)) {
            long pinnedBytes = payload.pinnedBytes();
            listener.ready(endCurrent(), payload.take(), pinnedBytes);
        }
    }

    private void discard(ByteBuf in) {
        int now = (int) Math.min(toDiscardBytes, in.readableBytes());
        in.skipBytes(now);
        toDiscardBytes -= now;
        if (toDiscardBytes == 0) {
            listener.ready(endCurrent(), Unpooled.EMPTY_BUFFER, 0);
        }
    }

    private NbdRequest endCurrent() {
        NbdRequest whole = Objects.requireNonNull(current);
        current = null;
        phase = Phase.HEADER;
        return whole;
    }
}
