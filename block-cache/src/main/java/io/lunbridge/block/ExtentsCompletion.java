package io.lunbridge.block;

import java.util.List;

/** Told the outcome of one {@link BlockDevice#blockStatus} exactly once, on the device's event loop. */
public interface ExtentsCompletion {

    /** At least one extent; the first begins at the offset that was asked for, each next one where the last ended. */
    void succeeded(List<Extent> extents);

    void failed(BlockException cause);
}
