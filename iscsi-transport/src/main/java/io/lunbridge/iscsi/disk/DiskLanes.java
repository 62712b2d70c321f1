package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.ModificationGate;
import java.util.List;

/**
 * Several disks, each with a session and an event loop of its own, that lead to one unit and are one disk to those above:
 * what is answered on one lane is there for all, a flush on any covers the answered writes of all, and what one learns of
 * the unit's geometry all ask for.
 */
public final class DiskLanes {

    private final List<ScsiDisk> disks;
    private final ModificationGate gate = new ModificationGate();

    /** Of disks that have the same identity and blocks, which the caller has compared. */
    public DiskLanes(List<ScsiDisk> disks) {
        this.disks = List.copyOf(disks);
    }

    /**
     * Shut while a lane has commands on the wire of a lost session that have been told as failed, or doubts that its unit is
     * the one it was.
     */
    public ModificationGate gate() {
        return gate;
    }

    /** The device on a lane, counted from 0, to be made once. Called on that lane's loop. */
    public BlockDevice lane(int index) {
        ScsiDisk disk = disks.get(index);
        LaneDisk lane = new LaneDisk(disk, disks);
        disk.access().lateChanges().tell(gate, lane::askOthers);
        return lane;
    }
}
