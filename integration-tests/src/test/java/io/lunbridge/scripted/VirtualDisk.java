package io.lunbridge.scripted;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a scripted target answers to ordinary commands: a small disk of 512-byte blocks with a write cache, filled with
 * seeded random bytes. Its contents outlive a connection.
 */
public final class VirtualDisk {

    public static final int BLOCK_BYTES = 512;
    public static final int SIZE_BYTES = 4 << 20;

    /** LUN 5 in peripheral device addressing, SAM-5 4.7.7: not zero, so that a lost LUN field shows. */
    public static final int LUN = 5;

    public static final long LUN_FIELD = 0x0005_0000_0000_0000L;

    private static final int VITAL_PRODUCT_DATA = 0x01;
    private static final int READ_CAPACITY_16 = 0x10;
    private static final int CACHING_PAGE = 0x08;
    private static final int ALL_PAGES = 0x3f;
    private static final int WRITE_CACHE_ENABLED = 0x04;
    private static final int FUA_SUPPORTED = 0x10;
    private static final String SERIAL = "scripted-0001";

    private final byte[] contents = new byte[SIZE_BYTES];

    public VirtualDisk() {
        new Random(20261122).nextBytes(contents);
    }

    /** A copy of a range. */
    public synchronized byte[] bytes(long offsetBytes, int lengthBytes) {
        return Arrays.copyOfRange(contents, (int) offsetBytes, (int) offsetBytes + lengthBytes);
    }

    public synchronized void store(long offsetBytes, byte[] data) {
        System.arraycopy(data, 0, contents, (int) offsetBytes, data.length);
    }

    /** The offset in bytes at which a READ or WRITE of 10 or 16 bytes begins. */
    public static long offsetOf(RawPdu command) {
        ByteBuffer cdb = command.cdb();
        boolean is16 = command.operationCode() >= Op.READ_16;
        return BLOCK_BYTES * (is16 ? cdb.getLong(2) : cdb.getInt(2) & 0xffffffffL);
    }

    /** The length in bytes that a READ or WRITE of 10 or 16 bytes asks for. */
    public static int lengthOf(RawPdu command) {
        ByteBuffer cdb = command.cdb();
        boolean is16 = command.operationCode() >= Op.READ_16;
        return BLOCK_BYTES * (is16 ? cdb.getInt(10) : cdb.getShort(7) & 0xffff);
    }

    /** The data that answers a command other than READ and WRITE; null where this disk does not know the command. */
    byte @Nullable [] answer(RawPdu command) {
        ByteBuffer cdb = command.cdb();
        return switch (command.operationCode()) {
            case Op.TEST_UNIT_READY, Op.SYNCHRONIZE_CACHE_10, Op.SYNCHRONIZE_CACHE_16 -> new byte[0];
            case Op.INQUIRY -> inquiry(cdb);
            case Op.REPORT_LUNS ->
                ByteBuffer.allocate(16).putInt(0, 8).putLong(8, LUN_FIELD).array();
            case Op.READ_CAPACITY_10 ->
                ByteBuffer.allocate(8).putInt(lastBlock()).putInt(BLOCK_BYTES).array();
            case Op.SERVICE_ACTION_IN_16 -> (cdb.get(1) & 0x1f) == READ_CAPACITY_16 ? capacity16() : null;
            case Op.MODE_SENSE_6, Op.MODE_SENSE_10 -> modeSense(cdb);
            default -> null;
        };
    }

    private static int lastBlock() {
        return SIZE_BYTES / BLOCK_BYTES - 1;
    }

    private static byte[] capacity16() {
        return ByteBuffer.allocate(32)
                .putLong(0, lastBlock())
                .putInt(8, BLOCK_BYTES)
                .array();
    }

    private static byte @Nullable [] inquiry(ByteBuffer cdb) {
        if ((cdb.get(1) & VITAL_PRODUCT_DATA) == 0) {
            return standardInquiry();
        }
        byte[] serial = SERIAL.getBytes(StandardCharsets.US_ASCII);
        return switch (cdb.get(2) & 0xff) {
            case 0x00 -> page(0x00, new byte[] {0x00, (byte) 0x80, (byte) 0x83, (byte) 0xb0, (byte) 0xb1, (byte) 0xb2});
            case 0x80 -> page(0x80, serial);
            case 0x83 -> page(0x83, identification());
            case 0xb0 -> page(0xb0, new byte[60]);
            case 0xb1 -> page(0xb1, new byte[60]);
            case 0xb2 -> page(0xb2, new byte[4]);
            default -> null;
        };
    }

    private static byte[] page(int code, byte[] content) {
        return ByteBuffer.allocate(4 + content.length)
                .put((byte) 0)
                .put((byte) code)
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    /** One NAA identifier, type 6 (SPC-4 7.8.6). */
    private static byte[] identification() {
        return ByteBuffer.allocate(20)
                .put(new byte[] {0x01, 0x03, 0x00, 0x10})
                .putLong(0x6000_0000_5c21_97edL)
                .putLong(1)
                .array();
    }

    private static byte[] standardInquiry() {
        byte[] inquiry = new byte[36];
        inquiry[2] = 0x06;
        inquiry[3] = 0x12;
        inquiry[4] = 31;
        inquiry[7] = 0x02;
        byte[] names = "LUNBRDGESCRIPTED DISK   0001".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(names, 0, inquiry, 8, names.length);
        return inquiry;
    }

    private static byte @Nullable [] modeSense(ByteBuffer cdb) {
        int page = cdb.get(2) & 0x3f;
        if (page != CACHING_PAGE && page != ALL_PAGES) {
            return null;
        }
        boolean is10 = (cdb.get(0) & 0xff) == Op.MODE_SENSE_10;
        int headerLength = is10 ? 8 : 4;
        byte[] data = new byte[headerLength + 20];
        data[is10 ? 1 : 0] = (byte) (data.length - (is10 ? 2 : 1));
        data[is10 ? 3 : 2] = FUA_SUPPORTED;
        data[headerLength] = CACHING_PAGE;
        data[headerLength + 1] = 18;
        data[headerLength + 2] = WRITE_CACHE_ENABLED;
        return data;
    }
}
