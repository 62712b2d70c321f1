package io.lunbridge.iscsi.target;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sparse memory: a page exists from its first write until it is discarded, and what does not exist reads as zeroes.
 *
 * <p>Pages hang in leaves of 1024, so that even 1 TiB costs only 1 MiB before anything is written.
 */
final class RamStore {

    static final int PAGE_BYTES = 4096;
    private static final int LEAF_PAGES = 1024;
    private static final long LEAF_BYTES = (long) PAGE_BYTES * LEAF_PAGES;

    private static final class Page {
        final byte[] bytes = new byte[PAGE_BYTES];
    }

    private static final class Leaf {
        final @Nullable Page[] pages = new @Nullable Page[LEAF_PAGES];
    }

    private final @Nullable Leaf[] leaves;
    private final long maxPages;
    private long pages;

    /**
     * An empty store.
     *
     * @param maxResidentBytes what may be written before {@link #write} fails
     */
    RamStore(long sizeBytes, long maxResidentBytes) {
        leaves = new @Nullable Leaf[Math.toIntExact((sizeBytes + LEAF_BYTES - 1) / LEAF_BYTES)];
        maxPages = maxResidentBytes / PAGE_BYTES;
    }

    /** Appends {@code lengthBytes} from {@code offsetBytes} to {@code out}. */
    void read(long offsetBytes, int lengthBytes, ByteBuf out) {
        long at = offsetBytes;
        int left = lengthBytes;
        while (left > 0) {
            int within = (int) (at % PAGE_BYTES);
            int n = Math.min(left, PAGE_BYTES - within);
            Page page = page(at);
            if (page == null) {
                out.writeZero(n);
            } else {
                out.writeBytes(page.bytes, within, n);
            }
            at += n;
            left -= n;
        }
    }

    /** Moves {@code lengthBytes} from {@code in}; false if there is no memory left, with some of them moved. */
    boolean write(long offsetBytes, int lengthBytes, ByteBuf in) {
        long at = offsetBytes;
        int left = lengthBytes;
        while (left > 0) {
            int within = (int) (at % PAGE_BYTES);
            int n = Math.min(left, PAGE_BYTES - within);
            Page page = pageForWrite(at);
            if (page == null) {
                return false;
            }
            in.readBytes(page.bytes, within, n);
            at += n;
            left -= n;
        }
        return true;
    }

    /** Makes the range read as zeroes and gives back the pages that are all zero then. */
    void discard(long offsetBytes, long lengthBytes) {
        long at = offsetBytes;
        long end = offsetBytes + lengthBytes;
        while (at < end) {
            Leaf leaf = leaves[(int) (at / LEAF_BYTES)];
            if (leaf == null) {
                at = (at / LEAF_BYTES + 1) * LEAF_BYTES;
                continue;
            }
            int within = (int) (at % PAGE_BYTES);
            int n = (int) Math.min(end - at, PAGE_BYTES - within);
            discardInPage(leaf, pageIndex(at), within, n);
            at += n;
        }
    }

    private void discardInPage(Leaf leaf, int index, int from, int lengthBytes) {
        Page page = leaf.pages[index];
        if (page == null) {
            return;
        }
        Arrays.fill(page.bytes, from, from + lengthBytes, (byte) 0);
        if (lengthBytes == PAGE_BYTES || isZero(page.bytes)) {
            leaf.pages[index] = null;
            pages--;
        }
    }

    boolean isAllocated(long offsetBytes) {
        return page(offsetBytes) != null;
    }

    /** Bytes of memory in use. */
    long residentBytes() {
        return pages * PAGE_BYTES;
    }

    private @Nullable Page page(long offsetBytes) {
        Leaf leaf = leaves[(int) (offsetBytes / LEAF_BYTES)];
        return leaf == null ? null : leaf.pages[pageIndex(offsetBytes)];
    }

    private @Nullable Page pageForWrite(long offsetBytes) {
        int leafIndex = (int) (offsetBytes / LEAF_BYTES);
        Leaf leaf = leaves[leafIndex];
        if (leaf == null) {
            leaf = new Leaf();
            leaves[leafIndex] = leaf;
        }
        Page page = leaf.pages[pageIndex(offsetBytes)];
        if (page == null && pages < maxPages) {
            page = new Page();
            leaf.pages[pageIndex(offsetBytes)] = page;
            pages++;
        }
        return page;
    }

    private static int pageIndex(long offsetBytes) {
        return (int) (offsetBytes / PAGE_BYTES % LEAF_PAGES);
    }

    private static boolean isZero(byte[] page) {
        return page[0] == 0 && Arrays.equals(page, 1, page.length, page, 0, page.length - 1);
    }
}
