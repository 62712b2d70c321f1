package io.lunbridge.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The Basic Header Segment that every PDU begins with (RFC 7143 section 11.2.1): a reusable view of 48 bytes.
 *
 * <pre>
 *   0|.|I| Opcode    |F| opcode-specific                            |
 *   4|TotalAHSLength | DataSegmentLength                            |
 *   8| LUN or opcode-specific (8 bytes)                             |
 *  16| Initiator Task Tag                                           |
 *  20| opcode-specific (28 bytes)                                   |
 * </pre>
 *
 * <p>The view does not own its buffer. Setters return the view itself. Sequence numbers, tags and lengths are unsigned
 * 32-bit values in an {@code int}, compared serially where they are compared.
 *
 * @param <S> the class itself
 */
public abstract class BasicHeader<S extends BasicHeader<S>> {

    /** Bytes of a Basic Header Segment. */
    public static final int LENGTH_BYTES = 48;

    /** The reserved Initiator Task Tag and Target Transfer Tag: never issued, never looked up. */
    public static final int RESERVED_TAG = 0xffffffff;

    /** The greatest DataSegmentLength: the field has 24 bits. */
    public static final int MAX_DATA_SEGMENT_BYTES = 0xffffff;

    static final int OPCODE_MASK = 0x3f;
    static final int IMMEDIATE = 0x40;
    static final int FINAL = 0x80;

    static final int FLAGS_OFFSET = 1;
    static final int TOTAL_AHS_LENGTH_OFFSET = 4;
    static final int DATA_SEGMENT_LENGTH_OFFSET = 5;
    static final int LUN_OFFSET = 8;
    static final int ITT_OFFSET = 16;

    private final Opcode opcode;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int offset;

    BasicHeader(Opcode opcode) {
        this.opcode = opcode;
    }

    abstract S self();

    public final Opcode opcode() {
        return opcode;
    }

    /** Views the header that is at {@code offset} of {@code buffer}. */
    public final S wrap(ByteBuf buffer, int offset) {
        this.buffer = buffer;
        this.offset = offset;
        return self();
    }

    /** Views {@code offset} of {@code buffer} and writes an empty header of this opcode there, with F set. */
    public final S wrapNew(ByteBuf buffer, int offset) {
        wrap(buffer, offset);
        buffer.setZero(offset, LENGTH_BYTES);
        buffer.setByte(offset, opcode.code());
        buffer.setByte(offset + FLAGS_OFFSET, FINAL);
        reserveTags();
        return self();
    }

    /** Writes the reserved value where an unset tag must hold it. */
    void reserveTags() {}

    public final boolean immediate() {
        return (uint8(0) & IMMEDIATE) != 0;
    }

    public final S immediate(boolean on) {
        return bit(0, IMMEDIATE, on);
    }

    /** The F bit; T in a login PDU. */
    public final boolean finalBit() {
        return flag(FINAL);
    }

    public final S finalBit(boolean on) {
        return flag(FINAL, on);
    }

    /** Length of all Additional Header Segments in 4-byte words. */
    public final int totalAhsWords() {
        return uint8(TOTAL_AHS_LENGTH_OFFSET);
    }

    /** Bytes of the data segment without padding. */
    public final int dataSegmentLength() {
        return buffer.getUnsignedMedium(offset + DATA_SEGMENT_LENGTH_OFFSET);
    }

    public final S dataSegmentLength(int lengthBytes) {
        buffer.setMedium(offset + DATA_SEGMENT_LENGTH_OFFSET, lengthBytes);
        return self();
    }

    /** The eight LUN bytes as they are on the wire, byte 0 the most significant; not a number. */
    public final long lun() {
        return buffer.getLong(offset + LUN_OFFSET);
    }

    public final S lun(long lunBytes) {
        buffer.setLong(offset + LUN_OFFSET, lunBytes);
        return self();
    }

    public final int initiatorTaskTag() {
        return int32(ITT_OFFSET);
    }

    public final S initiatorTaskTag(int tag) {
        return int32(ITT_OFFSET, tag);
    }

    /** The header's 48 bytes, borrowed from its buffer: what a Reject carries. */
    public final ByteBuf bytes() {
        return buffer.slice(offset, LENGTH_BYTES);
    }

    final int uint8(int at) {
        return buffer.getUnsignedByte(offset + at);
    }

    final S uint8(int at, int value) {
        buffer.setByte(offset + at, value);
        return self();
    }

    final int uint16(int at) {
        return buffer.getUnsignedShort(offset + at);
    }

    final S uint16(int at, int value) {
        buffer.setShort(offset + at, value);
        return self();
    }

    final int int32(int at) {
        return buffer.getInt(offset + at);
    }

    final S int32(int at, int value) {
        buffer.setInt(offset + at, value);
        return self();
    }

    final long int64(int at) {
        return buffer.getLong(offset + at);
    }

    final S int64(int at, long value) {
        buffer.setLong(offset + at, value);
        return self();
    }

    final boolean flag(int mask) {
        return (uint8(FLAGS_OFFSET) & mask) != 0;
    }

    final S flag(int mask, boolean on) {
        return bit(FLAGS_OFFSET, mask, on);
    }

    /** Sets the bits of {@code mask} in byte 1 to {@code value}, which is already in place. */
    final S flagBits(int mask, int value) {
        return uint8(FLAGS_OFFSET, (uint8(FLAGS_OFFSET) & ~mask) | (value & mask));
    }

    private S bit(int at, int mask, boolean on) {
        int before = uint8(at);
        return uint8(at, on ? before | mask : before & ~mask);
    }

    @Override
    public String toString() {
        return buffer.readableBytes() == 0 && buffer.capacity() < offset + LENGTH_BYTES
                ? opcode.toString()
                : opcode + "[itt=" + Integer.toHexString(initiatorTaskTag()) + ", data=" + dataSegmentLength() + "]";
    }
}
