package io.lunbridge.block.cache;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Extent;
import io.lunbridge.block.ExtentsCompletion;
import java.util.ArrayList;
import java.util.List;

/**
 * What the last answer about allocation told, for as long as nothing in its range is changed. Clients that copy a disk go
 * from one extent to the next, and many want one at a time (NBD_CMD_FLAG_REQ_ONE); a unit tells of many at once.
 */
final class KnownExtents {

    private final ChangeGuard guard;
    private long offsetBytes;
    private List<Extent> extents = List.of();
    private Watch watch;

    KnownExtents(ChangeGuard guard) {
        this.guard = guard;
        watch = new Watch(guard);
    }

    /** What is known from an offset on; empty for nothing. */
    List<Extent> from(long wantedBytes) {
        if (extents.isEmpty() || wantedBytes < offsetBytes) {
            return List.of();
        }
        if (!watch.holds()) {
            extents = List.of();
            return extents;
        }
        List<Extent> rest = new ArrayList<>();
        long end = offsetBytes;
        for (Extent extent : extents) {
            end += extent.lengthBytes();
            if (end > wantedBytes) {
                rest.add(new Extent(Math.min(extent.lengthBytes(), end - wantedBytes), extent.hole(), extent.zero()));
            }
        }
        return rest;
    }

    /** Keeps the answer to a query that is about to be made, if it may be, and passes it on. */
    ExtentsCompletion query(long newOffsetBytes, long lengthBytes, ExtentsCompletion done) {
        return new Query(newOffsetBytes, lengthBytes, done);
    }

    private final class Query implements ExtentsCompletion {

        private final Watch queryWatch = new Watch(guard);
        private final long queryOffsetBytes;
        private final long lengthBytes;
        private final ExtentsCompletion done;

        Query(long queryOffsetBytes, long lengthBytes, ExtentsCompletion done) {
            this.queryOffsetBytes = queryOffsetBytes;
            this.lengthBytes = lengthBytes;
            this.done = done;
            queryWatch.begin(queryOffsetBytes, lengthBytes);
        }

        @Override
        public void succeeded(List<Extent> told) {
            long left = lengthBytes;
            List<Extent> watched = new ArrayList<>(told.size());
            for (Extent extent : told) {
                if (left > 0) {
                    watched.add(new Extent(Math.min(left, extent.lengthBytes()), extent.hole(), extent.zero()));
                }
                left -= extent.lengthBytes();
            }
            if (queryWatch.holds()) {
                offsetBytes = queryOffsetBytes;
                extents = watched;
                watch = queryWatch;
            }
            done.succeeded(told);
        }

        @Override
        public void failed(BlockException cause) {
            done.failed(cause);
        }
    }
}
