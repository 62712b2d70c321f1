package io.lunbridge.block;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Bytes in pages, where a page that was never written, or was given back, is a hole and reads as zeroes. */
public final class SparseBytes {

    private final int pageBytes;
    private final TreeMap<Long, byte[]> pages = new TreeMap<>();

    SparseBytes(int pageBytes) {
        this.pageBytes = pageBytes;
    }

    /** Appends the range's bytes to {@code target}. */
    public void read(long offsetBytes, int lengthBytes, ByteBuf target) {
        forEachPage(offsetBytes, lengthBytes, (page, from, length) -> {
            byte[] content = pages.get(page);
            if (content == null) {
                target.writeZero(length);
            } else {
                target.writeBytes(content, from, length);
            }
        });
    }

    /** Stores the readable bytes of {@code data} without moving its indices. */
    public void write(long offsetBytes, ByteBuf data) {
        int[] index = {data.readerIndex()};
        forEachPage(offsetBytes, data.readableBytes(), (page, from, length) -> {
            data.getBytes(index[0], page(page), from, length);
            index[0] += length;
        });
    }

    /** Makes the range read as zeroes; whole pages become holes, or get storage where {@code deallocate} is false. */
    public void zero(long offsetBytes, long lengthBytes, boolean deallocate) {
        forEachPage(offsetBytes, lengthBytes, (page, from, length) -> {
            if (deallocate && length == pageBytes) {
                pages.remove(page);
            } else if (!deallocate || pages.containsKey(page)) {
                Arrays.fill(page(page), from, from + length, (byte) 0);
            }
        });
    }

    /** Forgets what lies behind the new end. */
    public void truncate(long sizeBytes) {
        pages.tailMap((sizeBytes + pageBytes - 1) / pageBytes, true).clear();
    }

    public int allocatedPages() {
        return pages.size();
    }

    /** The range's holes and data, from its start to its end. */
    public List<Extent> extents(long offsetBytes, long lengthBytes) {
        List<Extent> extents = new ArrayList<>();
        forEachPage(offsetBytes, lengthBytes, (page, from, length) -> {
            boolean hole = !pages.containsKey(page);
            int last = extents.size() - 1;
            if (last >= 0 && extents.get(last).hole() == hole) {
                extents.set(last, new Extent(extents.get(last).lengthBytes() + length, hole, hole));
            } else {
                extents.add(new Extent(length, hole, hole));
            }
        });
        return extents;
    }

    private byte[] page(long number) {
        byte @Nullable [] content = pages.get(number);
        if (content == null) {
            content = new byte[pageBytes];
            pages.put(number, content);
        }
        return content;
    }

    private void forEachPage(long offsetBytes, long lengthBytes, PageVisitor visitor) {
        long end = offsetBytes + lengthBytes;
        for (long at = offsetBytes; at < end; ) {
            int from = (int) (at % pageBytes);
            int length = (int) Math.min(pageBytes - from, end - at);
            visitor.visit(at / pageBytes, from, length);
            at += length;
        }
    }

    private interface PageVisitor {
        void visit(long page, int fromBytes, int lengthBytes);
    }
}
