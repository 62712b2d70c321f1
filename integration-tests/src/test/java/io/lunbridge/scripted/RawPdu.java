package io.lunbridge.scripted;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One PDU as bytes: the 48 header bytes, additional header segments, and the data segment without its padding (RFC
 * 7143 section 11.2). Digests are checked and left out.
 *
 * <p>The names of the fields are those of the PDUs that have them at that place; which PDU has which is the script's
 * knowledge.
 */
public final class RawPdu {

    public static final int HEADER_LENGTH = 48;
    private static final int OPCODE_MASK = 0x3f;
    private static final int IMMEDIATE_BIT = 0x40;
    private static final int FINAL_BIT = 0x80;

    private final byte[] header;
    private final byte[] additionalHeaders;
    private final byte[] data;

    private RawPdu(byte[] header, byte[] additionalHeaders, byte[] data) {
        this.header = header;
        this.additionalHeaders = additionalHeaders;
        this.data = data;
    }

    /** Reads one PDU from the stream, the padding too; an {@link java.io.EOFException} where the stream ends. */
    static RawPdu read(DataInputStream in, PduDigests digests) throws IOException {
        byte[] header = new byte[HEADER_LENGTH];
        in.readFully(header);
        RawPdu bare = new RawPdu(header, new byte[0], new byte[0]);
        byte[] additionalHeaders = new byte[4 * bare.u8(4)];
        in.readFully(additionalHeaders);
        checkDigest(digests.header(), in, header, additionalHeaders);
        byte[] data = new byte[bare.dataSegmentLength()];
        in.readFully(data);
        byte[] padding = new byte[paddingAfter(data.length)];
        in.readFully(padding);
        checkDigest(digests.data() && data.length > 0, in, data, padding);
        return new RawPdu(header, additionalHeaders, data);
    }

    private static void checkDigest(boolean isThere, DataInputStream in, byte[]... parts) throws IOException {
        if (isThere) {
            byte[] digest = new byte[PduDigests.LENGTH];
            in.readFully(digest);
            if (!Arrays.equals(digest, PduDigests.of(parts))) {
                throw new AssertionError("the initiator sent a wrong digest");
            }
        }
    }

    static int paddingAfter(int length) {
        return -length & 3;
    }

    /** A copy of the 48 bytes. */
    public byte[] header() {
        return header.clone();
    }

    /** The data segment without its padding. */
    public byte[] data() {
        return data;
    }

    /** All additional header segments; empty in most PDUs. */
    public byte[] additionalHeaders() {
        return additionalHeaders;
    }

    public int opcode() {
        return u8(0) & OPCODE_MASK;
    }

    public boolean isImmediate() {
        return (u8(0) & IMMEDIATE_BIT) != 0;
    }

    /** Bit 0 of byte 1, the F bit; the T bit of a login PDU. */
    public boolean isFinal() {
        return (flags() & FINAL_BIT) != 0;
    }

    /** Byte 1. */
    public int flags() {
        return u8(1);
    }

    public int dataSegmentLength() {
        return (int) u32(4) & 0xffffff;
    }

    public long lun() {
        return ByteBuffer.wrap(header).getLong(8);
    }

    public int initiatorTaskTag() {
        return (int) u32(16);
    }

    /** Bytes 20 to 23, of a Data-Out, NOP-Out or Text Request. */
    public int targetTransferTag() {
        return (int) u32(20);
    }

    /** Bytes 20 to 23, of a SCSI Command. */
    public long expectedDataTransferLength() {
        return u32(20);
    }

    public int cmdSn() {
        return (int) u32(24);
    }

    public int expStatSn() {
        return (int) u32(28);
    }

    /** Bytes 36 to 39, of a Data-Out. */
    public int dataSn() {
        return (int) u32(36);
    }

    /** Bytes 40 to 43, of a Data-Out. */
    public long bufferOffset() {
        return u32(40);
    }

    /** The operation code of a SCSI Command's CDB. */
    public int operationCode() {
        return u8(32);
    }

    /** The 16 bytes of a SCSI Command's CDB. */
    public ByteBuffer cdb() {
        return ByteBuffer.wrap(header, 32, 16).slice();
    }

    public int u8(int offset) {
        return header[offset] & 0xff;
    }

    public int u16(int offset) {
        return ByteBuffer.wrap(header).getShort(offset) & 0xffff;
    }

    public long u32(int offset) {
        return ByteBuffer.wrap(header).getInt(offset) & 0xffffffffL;
    }

    /** The data segment as text keys. */
    public TextKeys textKeys() {
        return TextKeys.parse(data);
    }

    @Override
    public String toString() {
        return String.format(
                "opcode %02x flags %02x DSL %d, %s",
                opcode(), flags(), dataSegmentLength(), HexFormat.of().formatHex(header));
    }
}
