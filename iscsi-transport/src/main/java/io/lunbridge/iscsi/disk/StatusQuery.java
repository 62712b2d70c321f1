package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Extent;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.block.Feature;
import io.lunbridge.scsi.LbaStatus;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * One GET LBA STATUS with room for many descriptors, told as extents (SBC-3 5.5). Where the unit does not tell, or what it
 * tells makes no sense, the range is data: a guess in the other direction would lose some.
 */
final class StatusQuery implements Completion {

    private static final int DESCRIPTORS = 128;

    private final ScsiDisk disk;
    private final long offsetBytes;
    private final long lengthBytes;
    private final ExtentsCompletion done;

    StatusQuery(ScsiDisk disk, long offsetBytes, long lengthBytes, ExtentsCompletion done) {
        this.disk = disk;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.done = done;
    }

    void start() {
        if (!disk.geometry().has(Feature.BLOCK_STATUS)) {
            allData();
            return;
        }
        DiskTask task = disk.task(Operation.STATUS, this);
        int allocationBytes = LbaStatus.allocationBytes(DESCRIPTORS);
        task.cdb().getLbaStatus(offsetBytes >>> disk.blockShift(), allocationBytes);
        task.submitQuery(allocationBytes);
    }

    @Override
    public void succeeded(ByteBuf data) {
        List<LbaStatus> runs = LbaStatus.decode(data);
        data.release();
        List<Extent> extents = extents(runs);
        if (extents.isEmpty()) {
            allData();
        } else {
            done.succeeded(extents);
        }
    }

    @Override
    public void failed(BlockException cause) {
        if (cause.error() == BlockError.UNSUPPORTED) {
            allData();
        } else {
            done.failed(cause);
        }
    }

    /** Joins the runs from the asked LBA on as long as one begins where the last one ended; neighbours alike are one. */
    private List<Extent> extents(List<LbaStatus> runs) {
        List<Extent> extents = new ArrayList<>();
        long at = offsetBytes >>> disk.blockShift();
        long end = Math.min(
                (offsetBytes + lengthBytes) >>> disk.blockShift(),
                disk.info().capacity().lastLba() + 1);
        for (LbaStatus run : runs) {
            long runEnd = Math.min(run.lba() + run.blocks(), end);
            if (runEnd <= at && run.lba() < at) {
                continue;
            }
            if (run.lba() > at || runEnd <= at) {
                break;
            }
            append(extents, (runEnd - at) << disk.blockShift(), run.provisioning());
            at = runEnd;
        }
        return extents;
    }

    private void append(List<Extent> extents, long bytes, int provisioning) {
        boolean hole = provisioning == LbaStatus.DEALLOCATED || provisioning == LbaStatus.ANCHORED;
        boolean zero = hole && ZeroMethod.readsZeroes(disk.info());
        int last = extents.size() - 1;
        Extent before = last < 0 ? null : extents.get(last);
        if (before != null && before.hole() == hole && before.zero() == zero) {
            extents.set(last, new Extent(before.lengthBytes() + bytes, hole, zero));
        } else {
            extents.add(new Extent(bytes, hole, zero));
        }
    }

    private void allData() {
        done.succeeded(List.of(new Extent(lengthBytes, false, false)));
    }
}
