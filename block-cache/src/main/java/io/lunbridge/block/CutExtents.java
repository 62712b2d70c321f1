package io.lunbridge.block;

import java.util.ArrayList;
import java.util.List;

/**
 * Passes on the extents of a widened range from where they were asked for.
 *
 * @param skipBytes what lies before that; less than a block
 */
record CutExtents(long skipBytes, ExtentsCompletion done) implements ExtentsCompletion {

    @Override
    public void succeeded(List<Extent> extents) {
        List<Extent> rest = new ArrayList<>(extents.size());
        long skip = skipBytes;
        for (Extent extent : extents) {
            long left = extent.lengthBytes() - skip;
            skip = Math.max(0, -left);
            if (left > 0) {
                rest.add(new Extent(left, extent.hole(), extent.zero()));
            }
        }
        done.succeeded(rest);
    }

    @Override
    public void failed(BlockException cause) {
        done.failed(cause);
    }
}
