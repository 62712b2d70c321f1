package io.lunbridge.scripted;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A PDU from target to initiator in the making. Nothing is filled in or checked by itself but the data segment's
 * length, and that may be overwritten: a script must be able to send nonsense.
 */
public final class RawReply {

    public static final int RESERVED_TAG = 0xffffffff;
    private static final int FINAL_BIT = 0x80;

    /** The highest byte of the Initiator Task Tag. */
    private static final int HEADER_BYTE_TO_DAMAGE = 16;

    private final ByteBuffer header = ByteBuffer.allocate(RawPdu.HEADER_LENGTH);
    private byte[] data = new byte[0];
    private byte padding;
    private boolean damagesHeader;
    private boolean damagesData;

    private RawReply(int opcode) {
        header.put(0, (byte) opcode);
        header.put(1, (byte) FINAL_BIT);
    }

    /** A PDU of this opcode with the F bit set and all else zero. */
    public static RawReply of(int opcode) {
        return new RawReply(opcode);
    }

    public RawReply u8(int offset, int value) {
        header.put(offset, (byte) value);
        return this;
    }

    public RawReply u16(int offset, int value) {
        header.putShort(offset, (short) value);
        return this;
    }

    public RawReply u32(int offset, long value) {
        header.putInt(offset, (int) value);
        return this;
    }

    /** Byte 1. */
    public RawReply flags(int value) {
        return u8(1, value);
    }

    public RawReply lun(long value) {
        header.putLong(8, value);
        return this;
    }

    public RawReply initiatorTaskTag(int value) {
        return u32(16, value);
    }

    public RawReply targetTransferTag(int value) {
        return u32(20, value);
    }

    public RawReply statSn(int value) {
        return u32(24, value);
    }

    /** Bytes 28 to 35: ExpCmdSN and MaxCmdSN. */
    public RawReply window(int expCmdSn, int maxCmdSn) {
        return u32(28, expCmdSn).u32(32, maxCmdSn);
    }

    /** Bytes 36 to 39: DataSN, R2TSN or ExpDataSN. */
    public RawReply dataSn(int value) {
        return u32(36, value);
    }

    /** Bytes 40 to 43, of a Data-In or R2T. */
    public RawReply bufferOffset(long value) {
        return u32(40, value);
    }

    /** Bytes 44 to 47: residual count, or an R2T's desired data transfer length. */
    public RawReply lastWord(long value) {
        return u32(44, value);
    }

    /** Sets the data segment and its length. */
    public RawReply data(byte[] bytes) {
        data = bytes;
        header.putInt(4, header.get(4) << 24 | bytes.length);
        return this;
    }

    /** Overwrites DataSegmentLength, so that it lies about the data that follows. */
    public RawReply dataSegmentLength(int value) {
        header.putInt(4, header.get(4) << 24 | value);
        return this;
    }

    /** What the padding bytes hold; they should be, and need not be, zero (section 11.1). */
    public RawReply padding(int value) {
        padding = (byte) value;
        return this;
    }

    /** Damages the data on its way: the data digest is the one of the data before that. */
    public RawReply damagedData() {
        damagesData = true;
        return this;
    }

    /** Damages the header on its way: its digest, where there are digests, is the one of the header before that. */
    public RawReply damagedHeader() {
        damagesHeader = true;
        return this;
    }

    /** The bytes as they go over the wire, with padding, without digests. */
    public byte[] encoded() {
        return encoded(PduDigests.NONE);
    }

    byte[] encoded(PduDigests digests) {
        byte[] padded = Arrays.copyOf(data, data.length + RawPdu.paddingAfter(data.length));
        Arrays.fill(padded, data.length, padded.length, padding);
        byte[] headerDigest = digests.header() ? PduDigests.of(header.array()) : new byte[0];
        byte[] dataDigest = digests.data() && data.length > 0 ? PduDigests.of(padded) : new byte[0];
        int length = RawPdu.HEADER_LENGTH + headerDigest.length + padded.length + dataDigest.length;
        ByteBuffer pdu = ByteBuffer.allocate(length);
        pdu.put(header.array()).put(headerDigest).put(padded).put(dataDigest);
        byte[] wire = pdu.array();
        if (damagesHeader) {
            wire[HEADER_BYTE_TO_DAMAGE] ^= 0x40;
        }
        if (damagesData) {
            wire[RawPdu.HEADER_LENGTH + headerDigest.length] ^= 0x40;
        }
        return wire;
    }
}
