package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.ScsiCommand;

/** Fields of a received command descriptor block. */
final class Cdbs {

    private static final long U32 = 0xffff_ffffL;

    private Cdbs() {}

    static int operationCode(ScsiCommand command) {
        return command.cdbByte(0);
    }

    static boolean bit(ScsiCommand command, int index, int mask) {
        return (command.cdbByte(index) & mask) != 0;
    }

    static int u16(ScsiCommand command, int index) {
        return command.cdbByte(index) << 8 | command.cdbByte(index + 1);
    }

    static long u32(ScsiCommand command, int index) {
        return (long) u16(command, index) << 16 | u16(command, index + 2);
    }

    /** LBA of a 6-, 10-, 12- or 16-byte command; unsigned. */
    static long lba(ScsiCommand command) {
        return switch (operationCode(command) >> 5) {
            case 0 -> command.cdbHigh() >>> 32 & 0x1fffff;
            case 4 -> command.cdbHigh() << 16 | command.cdbLow() >>> 48;
            default -> u32(command, 2);
        };
    }

    /** Transfer length in blocks of a 6-, 10-, 12- or 16-byte command. */
    static long blocks(ScsiCommand command) {
        return switch (operationCode(command) >> 5) {
            case 0 -> command.cdbByte(4) == 0 ? 256 : command.cdbByte(4);
            case 4 -> command.cdbLow() >>> 16 & U32;
            case 5 -> u32(command, 6);
            default -> u16(command, 7);
        };
    }
}
