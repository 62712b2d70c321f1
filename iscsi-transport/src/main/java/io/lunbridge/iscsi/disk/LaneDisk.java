package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.ForwardingBlockDevice;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import java.util.List;

/** One disk of several that lead to the same unit. */
final class LaneDisk extends ForwardingBlockDevice {

    private final ScsiDisk own;
    private final List<ScsiDisk> all;

    LaneDisk(ScsiDisk own, List<ScsiDisk> all) {
        super(own, geometry -> geometry);
        this.own = own;
        this.all = all;
        own.addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {
                askOthers();
            }

            @Override
            public void deviceGone(BlockException cause) {
                // The other lanes have sessions of their own, and ask for themselves.
            }
        });
    }

    /** Has the other lanes ask what this one has learned or doubts. */
    void askOthers() {
        for (ScsiDisk disk : all) {
            if (!disk.equals(own)) {
                disk.eventLoop().execute(disk::recheckNow);
            }
        }
    }

    /**
     * Flushes on every lane that has something to flush. SYNCHRONIZE CACHE is for the whole unit, so one would do, but for a
     * target that has lost its power, and the writes of other lanes with it: only their own sessions know of that.
     */
    @Override
    public void flush(Completion done) {
        new LaneFlush(own.eventLoop(), all.size(), done).start(own, all);
    }
}
