package io.lunbridge.iscsi.pdu;

import io.lunbridge.iscsi.pdu.PduException.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Turns received bytes, however they are cut, into PDUs. Does no I/O and keeps no thread: {@link #read} is called with
 * each buffer that arrives and calls the listener from within.
 *
 * <p>Payload that streams (see the listeners) is never copied: its pieces are slices of the received buffers. A header
 * that lies whole in a received buffer is viewed in place; only one that is cut in two is gathered first.
 *
 * <pre>
 *            no data / whole
 *          ┌──────────┐
 *          ▼          │
 *   ┌──► HEADER ──────┴─► STREAM ─► TRAILER ──┐      any state ─► CLOSED
 *   │      └────────────► SEGMENT ────────────┤
 *   └─────────────────────────────────────────┘
 * </pre>
 */
public final class PduReader {

    private enum State {
        /** Waits for a header with its additional segments and digest. */
        HEADER,
        /** Passes payload on as it arrives. */
        STREAM,
        /** Waits for padding and digest of payload that was passed on. */
        TRAILER,
        /** Gathers a whole data segment. */
        SEGMENT,
        /** Takes nothing any more. */
        CLOSED
    }

    private static final int MAX_AHS_BYTES = 255 * 4;
    private static final int DIGEST_BYTES = Crc32cDigest.LENGTH_BYTES;

    private final PduSink sink;
    private final Crc32cDigest crc = new Crc32cDigest();
    private final PduCounts counts = new PduCounts();
    private final ByteBuf header = fixed(BasicHeader.LENGTH_BYTES + MAX_AHS_BYTES + DIGEST_BYTES);
    private final ByteBuf trailer = fixed(3 + DIGEST_BYTES);

    private State state = State.HEADER;
    private int maxDataSegmentBytes;
    private boolean headerDigest;
    private boolean dataDigest;

    private Opcode opcode = Opcode.NOP_IN;
    private int segmentBytes;
    private int remainingBytes;
    private ByteBuf segment = Unpooled.EMPTY_BUFFER;

    private PduReader(PduSink sink, int maxDataSegmentBytes) {
        this.sink = sink;
        this.maxDataSegmentBytes = maxDataSegmentBytes;
    }

    /**
     * A reader of what a target sends.
     *
     * @param maxDataSegmentBytes the MaxRecvDataSegmentLength that we have declared
     */
    public static PduReader ofResponses(ResponseListener listener, int maxDataSegmentBytes) {
        return new PduReader(new ResponseSink(listener), maxDataSegmentBytes);
    }

    /**
     * A reader of what an initiator sends.
     *
     * @param maxDataSegmentBytes the MaxRecvDataSegmentLength that we have declared
     */
    public static PduReader ofRequests(RequestListener listener, int maxDataSegmentBytes) {
        return new PduReader(new RequestSink(listener), maxDataSegmentBytes);
    }

    /** What has begun to arrive so far. */
    public PduCounts counts() {
        return counts;
    }

    /** Sets the MaxRecvDataSegmentLength from the next PDU on. */
    public void maxDataSegmentBytes(int lengthBytes) {
        maxDataSegmentBytes = lengthBytes;
    }

    /** Expects CRC32C digests from the next PDU on. */
    public void digests(boolean onHeader, boolean onData) {
        headerDigest = onHeader;
        dataDigest = onData;
    }

    /**
     * Takes the next received bytes and calls the listener for all that is complete in them.
     *
     * @param in owned by the reader from here on
     * @throws PduException if the connection must be dropped; the reader is closed then
     */
    public void read(ByteBuf in) throws PduException {
        boolean normal = false;
        try {
            while (step(in)) {
                // each step takes at least a byte or leaves a state
            }
            normal = true;
        } finally {
            in.release();
            if (!normal) {
                close();
            }
        }
    }

    /** Drops what is incomplete. Bytes given later are released unread. May be called from within a listener. */
    public void close() {
        state = State.CLOSED;
        dropSegment();
    }

    private boolean step(ByteBuf in) throws PduException {
        return switch (state) {
            case HEADER -> readHeader(in);
            case STREAM -> stream(in);
            case TRAILER -> readTrailer(in);
            case SEGMENT -> gatherSegment(in);
            case CLOSED -> false;
        };
    }

    private boolean readHeader(ByteBuf in) throws PduException {
        if (!header.isReadable() && in.readableBytes() >= BasicHeader.LENGTH_BYTES) {
            int at = in.readerIndex();
            int lengthBytes = headerBytes(in, at);
            if (in.readableBytes() >= lengthBytes) {
                in.skipBytes(lengthBytes);
                begin(in, at, lengthBytes, in);
                return true;
            }
        }
        int missing = missingHeaderBytes();
        while (missing > 0) {
            if (!in.isReadable()) {
                return false;
            }
            header.writeBytes(in, Math.min(missing, in.readableBytes()));
            missing = missingHeaderBytes();
        }
        int lengthBytes = header.readableBytes();
        header.clear();
        begin(header, 0, lengthBytes, in);
        return true;
    }

    private int missingHeaderBytes() throws PduException {
        int have = header.readableBytes();
        return (have < BasicHeader.LENGTH_BYTES ? BasicHeader.LENGTH_BYTES : headerBytes(header, 0)) - have;
    }

    /** The length of the whole header. What cannot be one fails now, without waiting for what it claims to have. */
    private int headerBytes(ByteBuf buffer, int at) throws PduException {
        int ahsBytes = 4 * buffer.getUnsignedByte(at + BasicHeader.TOTAL_AHS_LENGTH_OFFSET);
        if (ahsBytes > 0 && !sink.mayHaveAdditionalHeader(knownOpcode(buffer, at))) {
            throw new PduException(
                    Cause.ADDITIONAL_HEADER, knownOpcode(buffer, at) + " with additional header segments");
        }
        return BasicHeader.LENGTH_BYTES + ahsBytes + (headerDigest ? DIGEST_BYTES : 0);
    }

    /** A header is complete at {@code at} of {@code buffer}; what follows it comes from {@code in}. */
    private void begin(ByteBuf buffer, int at, int lengthBytes, ByteBuf in) throws PduException {
        if (headerDigest) {
            checkHeaderDigest(buffer, at, lengthBytes - DIGEST_BYTES);
        }
        Opcode known = knownOpcode(buffer, at);
        opcode = known;
        segmentBytes = buffer.getUnsignedMedium(at + BasicHeader.DATA_SEGMENT_LENGTH_OFFSET);
        if (segmentBytes > maxDataSegmentBytes) {
            throw new PduException(
                    Cause.DATA_SEGMENT_LENGTH,
                    known + " with a data segment of " + segmentBytes + " bytes, we take " + maxDataSegmentBytes);
        }
        if (segmentBytes > 0 && !sink.mayHaveData(known)) {
            throw new PduException(Cause.DATA_SEGMENT_LENGTH, known + " with a data segment");
        }
        checkAdditionalHeader(buffer, at);
        counts.add(known.code(), segmentBytes);
        if (sink.streams(known)) {
            crc.reset();
            remainingBytes = segmentBytes;
            sink.begin(known, buffer, at);
            enter(State.STREAM);
        } else {
            deliver(buffer, at, in);
        }
    }

    private Opcode knownOpcode(ByteBuf buffer, int at) throws PduException {
        Opcode known = Opcode.ofFirstByte(buffer.getByte(at));
        if (known == null || !sink.accepts(known)) {
            throw new PduException(Cause.OPCODE, "bad opcode 0x" + Integer.toHexString(buffer.getUnsignedByte(at)));
        }
        return known;
    }

    /** Delivers a PDU that does not stream if all of it is here, else begins to gather it. */
    private void deliver(ByteBuf buffer, int at, ByteBuf in) throws PduException {
        int wireBytes = segmentBytes + trailerBytes();
        if (segmentBytes == 0) {
            sink.whole(opcode, buffer, at, Unpooled.EMPTY_BUFFER);
        } else if (in.readableBytes() >= wireBytes) {
            int dataAt = in.readerIndex();
            in.skipBytes(wireBytes);
            checkDataDigest(in, dataAt);
            sink.whole(opcode, buffer, at, in.slice(dataAt, segmentBytes));
        } else {
            header.setBytes(0, buffer, at, BasicHeader.LENGTH_BYTES);
            remainingBytes = wireBytes;
            segment = in.alloc().buffer(wireBytes, wireBytes);
            enter(State.SEGMENT);
        }
    }

    private boolean gatherSegment(ByteBuf in) throws PduException {
        if (!in.isReadable()) {
            return false;
        }
        int n = Math.min(remainingBytes, in.readableBytes());
        segment.writeBytes(in, n);
        remainingBytes -= n;
        if (remainingBytes > 0) {
            return false;
        }
        checkDataDigest(segment, 0);
        enter(State.HEADER);
        try {
            sink.whole(opcode, header, 0, segment.slice(0, segmentBytes));
        } finally {
            dropSegment();
        }
        return true;
    }

    private boolean stream(ByteBuf in) throws PduException {
        if (remainingBytes > 0) {
            int n = Math.min(remainingBytes, in.readableBytes());
            if (n == 0) {
                return false;
            }
            if (dataDigest) {
                crc.update(in, in.readerIndex(), n);
            }
            remainingBytes -= n;
            sink.payload(in.readRetainedSlice(n));
            return true;
        }
        if (trailerBytes() == 0) {
            end(true);
        } else {
            trailer.clear();
            enter(State.TRAILER);
        }
        return true;
    }

    private boolean readTrailer(ByteBuf in) throws PduException {
        int wanted = trailerBytes() - trailer.readableBytes();
        int n = Math.min(wanted, in.readableBytes());
        trailer.writeBytes(in, n);
        if (n < wanted) {
            return false;
        }
        boolean ok = true;
        if (dataDigest) {
            int padBytes = padBytes(segmentBytes);
            crc.update(trailer, 0, padBytes);
            ok = crc.value() == trailer.getIntLE(padBytes);
        }
        end(ok);
        return true;
    }

    private void end(boolean digestOk) throws PduException {
        if (!digestOk) {
            counts.addDigestError();
        }
        enter(State.HEADER);
        sink.end(digestOk);
    }

    /** Unless a listener has closed the reader from within. */
    private void enter(State next) {
        if (state != State.CLOSED) {
            state = next;
        } else {
            dropSegment();
        }
    }

    private void dropSegment() {
        ByteBuf dropped = segment;
        segment = Unpooled.EMPTY_BUFFER;
        dropped.release();
    }

    /** Padding and digest after the data segment; an empty one has neither (section 11.2.3). */
    private int trailerBytes() {
        return segmentBytes == 0 ? 0 : padBytes(segmentBytes) + (dataDigest ? DIGEST_BYTES : 0);
    }

    static int padBytes(int lengthBytes) {
        return -lengthBytes & 3;
    }

    private void checkHeaderDigest(ByteBuf buffer, int at, int lengthBytes) throws PduException {
        crc.reset();
        crc.update(buffer, at, lengthBytes);
        if (crc.value() != buffer.getIntLE(at + lengthBytes)) {
            counts.addDigestError();
            throw new PduException(Cause.HEADER_DIGEST, "header digest does not match");
        }
    }

    private void checkDataDigest(ByteBuf buffer, int at) throws PduException {
        if (dataDigest) {
            int paddedBytes = segmentBytes + padBytes(segmentBytes);
            crc.reset();
            crc.update(buffer, at, paddedBytes);
            if (crc.value() != buffer.getIntLE(at + paddedBytes)) {
                counts.addDigestError();
                throw new PduException(Cause.DATA_DIGEST, "data digest of " + opcode + " does not match");
            }
        }
    }

    /** Walks the additional header segments: each has a length, a known type, and they fill TotalAHSLength exactly. */
    private void checkAdditionalHeader(ByteBuf buffer, int at) throws PduException {
        int totalBytes = 4 * buffer.getUnsignedByte(at + BasicHeader.TOTAL_AHS_LENGTH_OFFSET);
        if (totalBytes == 0) {
            return;
        }
        int next = at + BasicHeader.LENGTH_BYTES;
        int end = next + totalBytes;
        while (next < end) {
            int ahsBytes = 3 + buffer.getUnsignedShort(next);
            int type = buffer.getByte(next + 2) & 0x3f;
            if (type < 1 || type > 2) {
                throw new PduException(Cause.ADDITIONAL_HEADER, "additional header segment of type " + type);
            }
            next += ahsBytes + padBytes(ahsBytes);
        }
        if (next != end) {
            throw new PduException(Cause.ADDITIONAL_HEADER, "additional header segments exceed their total length");
        }
    }

    private static ByteBuf fixed(int lengthBytes) {
        return Unpooled.wrappedBuffer(new byte[lengthBytes]).clear();
    }
}
