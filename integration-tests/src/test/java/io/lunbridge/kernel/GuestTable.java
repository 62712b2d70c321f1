package io.lunbridge.kernel;

import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.interop.Processes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/** Small things that the checks in the guest need. */
final class GuestTable {

    private static final int ENTRY_OFFSET = 446;
    private static final int LINUX = 0x83;

    private GuestTable() {}

    /** A disk with one partition, from 1 MiB to its end, in a table of the PC's old kind. */
    static MemoryBlockDevice partitioned() {
        return partitioned(GuestDisk.SIZE_BYTES);
    }

    /** The same, for a disk whose table was made when it had that size. */
    static MemoryBlockDevice partitioned(long tableBytes) {
        MemoryBlockDevice disk = GuestDisk.memory();
        ByteBuf table = Unpooled.buffer(512).writeZero(512);
        table.setByte(ENTRY_OFFSET + 4, LINUX);
        table.setIntLE(ENTRY_OFFSET + 8, 2048);
        table.setIntLE(ENTRY_OFFSET + 12, (int) (tableBytes / 512) - 2048);
        table.setShortLE(510, 0xaa55);
        disk.bytes().write(0, table);
        table.release();
        return disk;
    }

    static int statusOf(String... command) {
        return Processes.outcome(Duration.ofSeconds(60), command).exitStatus();
    }
}
