package io.lunbridge.iscsi.pdu;

/** SCSI Command (RFC 7143 section 11.3); its data segment is immediate data. */
public final class ScsiCommand extends RequestHeader<ScsiCommand> {

    /** Bytes of the CDB field; a shorter CDB is followed by zeroes. */
    public static final int CDB_BYTES = 16;

    private static final int READ = 0x40;
    private static final int WRITE = 0x20;
    private static final int ATTRIBUTE = 0x07;
    private static final int CDB_OFFSET = 32;

    public ScsiCommand() {
        super(Opcode.SCSI_COMMAND);
    }

    @Override
    ScsiCommand self() {
        return this;
    }

    /** R: data goes to the initiator. */
    public boolean readBit() {
        return flag(READ);
    }

    public ScsiCommand readBit(boolean on) {
        return flag(READ, on);
    }

    /** W: data goes to the target. */
    public boolean writeBit() {
        return flag(WRITE);
    }

    public ScsiCommand writeBit(boolean on) {
        return flag(WRITE, on);
    }

    public TaskAttribute attribute() {
        return TaskAttribute.of(uint8(FLAGS_OFFSET) & ATTRIBUTE);
    }

    public ScsiCommand attribute(TaskAttribute attribute) {
        return flagBits(ATTRIBUTE, attribute.code());
    }

    /** Bytes the command moves, unsigned (section 11.3.4). */
    public int expectedDataTransferLength() {
        return int32(20);
    }

    public ScsiCommand expectedDataTransferLength(int lengthBytes) {
        return int32(20, lengthBytes);
    }

    /** Byte {@code index} of the CDB. */
    public int cdbByte(int index) {
        return uint8(CDB_OFFSET + index);
    }

    /** The CDB's 16 bytes as two big-endian words: bytes 0–7. */
    public long cdbHigh() {
        return int64(CDB_OFFSET);
    }

    /** Bytes 8–15 of the CDB. */
    public long cdbLow() {
        return int64(CDB_OFFSET + 8);
    }

    /** Sets the whole CDB: {@code high} is bytes 0–7, {@code low} bytes 8–15, byte 0 the most significant. */
    public ScsiCommand cdb(long high, long low) {
        return int64(CDB_OFFSET, high).int64(CDB_OFFSET + 8, low);
    }

    /** Sets the CDB to {@code bytes}, at most 16, zeroes after them. */
    public ScsiCommand cdb(byte[] bytes) {
        cdb(0, 0);
        for (int i = 0; i < bytes.length; i++) {
            uint8(CDB_OFFSET + i, bytes[i]);
        }
        return this;
    }
}
