package io.lunbridge.host;

import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;

/**
 * Takes the memory that buffers will need from the kernel once, at the start, and gives it back to the C library only,
 * which the launcher has told to keep it ({@code MALLOC_TRIM_THRESHOLD_}). The first burst of writes then finds it there,
 * rather than at the moment when the host has none.
 */
final class BufferMemory {

    /** Small enough for the C library to take it from its heap rather than map it. */
    private static final int BLOCK_BYTES = 4 << 20;

    /** Two devices with as many requests in flight as are let in. */
    static final int BLOCKS = 8;

    private BufferMemory() {}

    /**
     * Takes {@value #BLOCKS} blocks of 4 MiB, or as many as there are, writes to each page, and frees them.
     *
     * @return how many bytes that was
     */
    static long take() {
        Native.Libc libc = Native.LIBC;
        List<Pointer> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            Pointer block = libc.malloc(BLOCK_BYTES);
            if (block != null) {
                libc.memset(block, 0, BLOCK_BYTES);
                blocks.add(block);
            }
        }
        blocks.forEach(libc::free);
        return (long) blocks.size() * BLOCK_BYTES;
    }
}
