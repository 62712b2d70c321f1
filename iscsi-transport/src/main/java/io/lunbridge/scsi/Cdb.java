package io.lunbridge.scsi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A command descriptor block in a reusable 16-byte area; each method writes one command and zeroes the rest.
 *
 * <p>LBAs are 64-bit, block counts and allocation lengths unsigned. A count that a command's field cannot hold is a bug
 * of the caller. Layouts: SPC-4 clause 6, SBC-3 clause 5.
 */
public final class Cdb {

    /** Bytes of the area, which is also the field's size in an iSCSI SCSI Command PDU. */
    public static final int LENGTH = 16;

    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int FUA = 0x08;
    private static final int IMMED = 0x02;
    private static final int EVPD = 0x01;
    private static final int START_IMMED = 0x01;
    private static final byte START = 0x01;
    private static final int DISABLE_BLOCK_DESCRIPTORS = 0x08;
    private static final int UNMAP_BIT = 0x08;
    private static final int NO_DATA_OUT_BUFFER = 0x01;

    private final byte[] bytes = new byte[LENGTH];

    /** The area itself, in wire order; valid until the next command is written. */
    public byte[] bytes() {
        return bytes;
    }

    /** Bytes 0 to 7 of the area, byte 0 most significant. */
    public long high() {
        return (long) U64.get(bytes, 0);
    }

    /** Bytes 8 to 15 of the area. */
    public long low() {
        return (long) U64.get(bytes, 8);
    }

    public Cdb testUnitReady() {
        return begin(0x00, 0);
    }

    /** START STOP UNIT that starts, and answers before the unit is ready. */
    public Cdb startUnit() {
        begin(0x1b, START_IMMED);
        bytes[4] = START;
        return this;
    }

    public Cdb inquiry(int allocationBytes) {
        return begin(0x12, 0).u16(3, allocationBytes);
    }

    /** INQUIRY of a vital product data page. */
    public Cdb inquiryVpd(int pageCode, int allocationBytes) {
        begin(0x12, EVPD).u16(3, allocationBytes);
        bytes[2] = (byte) pageCode;
        return this;
    }

    public Cdb reportLuns(int allocationBytes) {
        return begin(0xa0, 0).u32(6, allocationBytes);
    }

    public Cdb readCapacity10() {
        return begin(0x25, 0);
    }

    public Cdb readCapacity16(int allocationBytes) {
        return begin(0x9e, 0x10).u32(10, allocationBytes);
    }

    /** Current values of a mode page, without block descriptors. */
    public Cdb modeSense6(int pageCode, int allocationBytes) {
        begin(0x1a, DISABLE_BLOCK_DESCRIPTORS);
        bytes[2] = (byte) pageCode;
        bytes[4] = (byte) fits(allocationBytes, 0xff);
        return this;
    }

    /** Current values of a mode page, without block descriptors. */
    public Cdb modeSense10(int pageCode, int allocationBytes) {
        begin(0x5a, DISABLE_BLOCK_DESCRIPTORS).u16(7, allocationBytes);
        bytes[2] = (byte) pageCode;
        return this;
    }

    public Cdb read10(long lba, int blocks, boolean forceUnitAccess) {
        return begin(0x28, forceUnitAccess ? FUA : 0).range10(lba, blocks);
    }

    public Cdb read16(long lba, int blocks, boolean forceUnitAccess) {
        return begin(0x88, forceUnitAccess ? FUA : 0).range16(lba, blocks);
    }

    public Cdb write10(long lba, int blocks, boolean forceUnitAccess) {
        return begin(0x2a, forceUnitAccess ? FUA : 0).range10(lba, blocks);
    }

    public Cdb write16(long lba, int blocks, boolean forceUnitAccess) {
        return begin(0x8a, forceUnitAccess ? FUA : 0).range16(lba, blocks);
    }

    /** The whole unit's cache; status comes when it is on the medium. */
    public Cdb synchronizeCache10() {
        return begin(0x35, 0);
    }

    /** The whole unit's cache; status comes when it is on the medium. */
    public Cdb synchronizeCache16() {
        return begin(0x91, 0);
    }

    /** UNMAP with a parameter list of that size, as {@link UnmapList} writes it. */
    public Cdb unmap(int parameterListBytes) {
        return begin(0x42, 0).u16(7, parameterListBytes);
    }

    /** One block of data goes with it. */
    public Cdb writeSame10(long lba, int blocks, boolean unmap) {
        return begin(0x41, unmap ? UNMAP_BIT : 0).range10(lba, blocks);
    }

    /** With {@code noDataOut} (NDOB) it writes zeroes and takes no data; else one block of data goes with it. */
    public Cdb writeSame16(long lba, int blocks, boolean unmap, boolean noDataOut) {
        int flags = (unmap ? UNMAP_BIT : 0) | (noDataOut ? NO_DATA_OUT_BUFFER : 0);
        return begin(0x93, flags).range16(lba, blocks);
    }

    public Cdb getLbaStatus(long lba, int allocationBytes) {
        return begin(0x9e, 0x12).range16(lba, allocationBytes);
    }

    /** Answers CONDITION MET or GOOD at once, before anything is fetched. */
    public Cdb preFetch10(long lba, int blocks) {
        return begin(0x34, IMMED).range10(lba, blocks);
    }

    /** Answers CONDITION MET or GOOD at once, before anything is fetched. */
    public Cdb preFetch16(long lba, int blocks) {
        return begin(0x90, IMMED).range16(lba, blocks);
    }

    private Cdb begin(int operationCode, int byteOne) {
        Arrays.fill(bytes, (byte) 0);
        bytes[0] = (byte) operationCode;
        bytes[1] = (byte) byteOne;
        return this;
    }

    private Cdb range10(long lba, int blocks) {
        U32.set(bytes, 2, (int) fits(lba, 0xffff_ffffL));
        return u16(7, blocks);
    }

    private Cdb range16(long lba, int blocks) {
        U64.set(bytes, 2, lba);
        return u32(10, blocks);
    }

    private Cdb u16(int offset, int value) {
        U16.set(bytes, offset, (short) fits(value, 0xffff));
        return this;
    }

    private Cdb u32(int offset, int value) {
        U32.set(bytes, offset, value);
        return this;
    }

    private static long fits(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " does not fit a field of at most " + max);
        }
        return value;
    }
}
