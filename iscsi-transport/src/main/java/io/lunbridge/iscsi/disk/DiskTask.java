package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.TaskException;
import io.lunbridge.scsi.AdditionalSense;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One command of a disk, pooled: it goes back to its disk when the outcome is told, so a request costs no allocation.
 *
 * <p>Holds the data of a write until the outcome. A closing disk takes the completion away; the task itself lives on until
 * the session has told its outcome, for the target may still ask for its data.
 */
final class DiskTask extends RetryingTask {

    /** Sessions that may end with the same command on the wire before it is suspected. */
    static final int MAX_LOSSES = 5;

    private final ScsiDisk disk;

    private Operation operation = Operation.READ;
    private @Nullable Completion completion;
    private ByteBuf data = Unpooled.EMPTY_BUFFER;
    private long lba;
    private int blocks;
    private long submittedNanos;
    private boolean tenBytes;
    private boolean forceUnitAccess;
    private boolean flushAfterwards;
    private long flushMark;
    private int losses;
    private long firstLossNanos;
    private boolean missedUnit;

    DiskTask(ScsiDisk disk) {
        this.disk = disk;
    }

    void begin(Operation newOperation, Completion done) {
        operation = newOperation;
        completion = done;
        forceUnitAccess = false;
        flushAfterwards = false;
        losses = 0;
        missedUnit = false;
        submittedNanos = disk.eventLoop().ticker().nanoTime();
        flushMark = newOperation == Operation.FLUSH ? disk.unflushed().mark() : 0;
    }

    /** Whether somebody who asked for a flush is to be told of any loss. */
    boolean tellsLosses() {
        return completion instanceof FlushCompletion;
    }

    /** Whether the target may have executed the command before its session ended. */
    boolean mayHaveRun() {
        return wasSent();
    }

    boolean changesMedium() {
        return operation.changesMedium();
    }

    /** The session has ended with this command on the wire. */
    void countLoss() {
        disk.counters().retriedAfterTransport();
        if (losses++ == 0) {
            firstLossNanos = eventLoop().ticker().nanoTime();
        }
    }

    /** Whether this command may be what the sessions die of: it was on the wire whenever one ended, for so long now. */
    boolean isPoison(long ageNanos) {
        return losses >= MAX_LOSSES && eventLoop().ticker().nanoTime() - firstLossNanos > ageNanos;
    }

    void readBlocks(long firstLba, int count) {
        lba = firstLba;
        blocks = count;
        encodeTransfer();
        read(disk.lun(), count << disk.blockShift());
        submit();
    }

    /** Owns {@code blockData}. */
    void writeBlocks(long firstLba, ByteBuf blockData, boolean durable) {
        lba = firstLba;
        blocks = blockData.readableBytes() >>> disk.blockShift();
        data = blockData;
        forceUnitAccess = durable && disk.quirks().takesForceUnitAccess();
        flushAfterwards = durable && !forceUnitAccess;
        encodeTransfer();
        write(disk.lun(), blockData);
        submit();
    }

    /** A command whose CDB is written already, with data that the task owns from here on. */
    void submitWith(ByteBuf parameters) {
        data = parameters;
        send(disk.lun(), parameters);
        submit();
    }

    /** A command whose CDB is written already and that asks for up to so many bytes. */
    void submitQuery(int allocationBytes) {
        query(disk.lun(), allocationBytes);
        submit();
    }

    /** A command whose CDB is written already and that moves no data. */
    void submitWithoutData() {
        noData(disk.lun());
        submit();
    }

    private void encodeTransfer() {
        tenBytes = disk.quirks().wantsTenByteCommands(lba + blocks);
        if (operation == Operation.READ) {
            var unused = tenBytes ? cdb().read10(lba, blocks, false) : cdb().read16(lba, blocks, false);
        } else {
            var unused = tenBytes
                    ? cdb().write10(lba, blocks, forceUnitAccess)
                    : cdb().write16(lba, blocks, forceUnitAccess);
        }
    }

    @Override
    protected void succeeded(ByteBuf readData) {
        Access access = disk.access();
        access.returned();
        long nowNanos = eventLoop().ticker().nanoTime();
        access.throttle().good();
        disk.counters().succeeded(operation, movedBytes(readData), nowNanos - submittedNanos);
        tellSuccess(readData);
        access.drain();
    }

    private long movedBytes(ByteBuf readData) {
        return operation == Operation.WRITE ? data.readableBytes() : readData.readableBytes();
    }

    private void tellSuccess(ByteBuf readData) {
        if (operation == Operation.FLUSH) {
            disk.unflushed().flushed(flushMark);
        } else if (operation.changesMedium() && !forceUnitAccess) {
            disk.unflushed().answered();
        }
        boolean flush = flushAfterwards;
        Completion done = finish();
        if (done == null) {
            readData.release();
        } else if (flush) {
            readData.release();
            disk.secure(disk.unflushed().losses(), done);
        } else {
            done.succeeded(readData);
        }
    }

    @Override
    EventLoop eventLoop() {
        return disk.eventLoop();
    }

    @Override
    void send() {
        disk.access().submit(this);
    }

    @Override
    void repeat(Refusal why) {
        disk.counters().retried(why);
        disk.access().repeat(this);
    }

    @Override
    void repeatAtOnce() {
        disk.counters().retriedAfterTransport();
        disk.access().returned();
        disk.access().repeat(this);
    }

    @Override
    void learn(Refusal why, SenseData sense) {
        disk.access().returned();
        switch (why) {
            case DEFERRED_ERROR -> disk.unflushed().lost(sense.toString());
            case UNIT_ATTENTION -> disk.attentions().attention(sense);
            case NO_SUCH_UNIT -> disk.access().doubtIdentity(sense.toString());
            case WRITE_PROTECTED -> disk.becameWriteProtected();
            default -> {}
        }
        if (why.concernsUnit()) {
            disk.access().throttle().refused(why);
        } else {
            disk.access().throttle().good();
        }
    }

    @Override
    long patienceNanos() {
        return disk.access().patienceNanos();
    }

    @Override
    long inVainSinceNanos(long nowNanos) {
        return Math.max(submittedNanos, disk.access().throttle().refusingSinceNanos(nowNanos));
    }

    @Override
    boolean isWanted() {
        return completion != null;
    }

    @Override
    void rejected(int status, SenseData sense) {
        if (isWanted() && !missedUnit && Refusal.of(status, sense) == Refusal.NO_SUCH_UNIT) {
            missedUnit = true;
            disk.access().repeat(this);
        } else if (isWanted() && status == ScsiStatus.CHECK_CONDITION && retriesOtherwise(sense)) {
            encodeTransfer();
            submit();
        } else {
            noteLoss(status, sense);
            fail(BlockErrors.of(operation, status, sense));
            if (Refusal.of(status, sense).concernsUnit()) {
                disk.access().giveUp(status, sense);
            }
        }
        disk.access().drain();
    }

    /** A cache that could not be written may have been emptied all the same: the next flush would succeed. */
    private void noteLoss(int status, SenseData sense) {
        Refusal why = Refusal.of(status, sense);
        if (operation == Operation.FLUSH && !why.concernsUnit() && why != Refusal.ILLEGAL_REQUEST) {
            disk.unflushed().lost(sense.toString());
        }
    }

    /** Whether the command, which waits, has waited too long on a unit that did nothing. */
    boolean isOverdue(long nowNanos) {
        return nowNanos - inVainSinceNanos(nowNanos) >= patienceNanos();
    }

    /** It waits no longer. */
    void giveUp(int status, SenseData sense) {
        fail(BlockErrors.of(operation, status, sense));
    }

    /** Learns from the refusal of a read or write whether to ask in another form, and which. */
    private boolean retriesOtherwise(SenseData sense) {
        if (sense.key() != SenseKey.ILLEGAL_REQUEST || (operation != Operation.READ && operation != Operation.WRITE)) {
            return false;
        }
        if (sense.additional() == AdditionalSense.INVALID_OPERATION_CODE
                || sense.additional() == AdditionalSense.NONE) {
            return !tenBytes && disk.quirks().learnTenByteCommands(lba + blocks);
        }
        if (sense.additional() == AdditionalSense.INVALID_FIELD_IN_CDB && forceUnitAccess) {
            disk.quirks().learnNoForceUnitAccess();
            forceUnitAccess = false;
            flushAfterwards = true;
            return true;
        }
        return false;
    }

    @Override
    void lost(IscsiException cause) {
        Access access = disk.access();
        access.returned();
        if (cause instanceof TaskException) {
            fail(cause);
        } else {
            access.lost(this, cause);
        }
        access.drain();
    }

    void fail(IscsiException cause) {
        fail(BlockErrors.of(operation, cause));
    }

    void fail(BlockException cause) {
        disk.counters().failed(operation);
        Completion done = finish();
        if (done != null) {
            done.failed(cause);
        }
    }

    private @Nullable Completion finish() {
        Completion done = completion;
        completion = null;
        ByteBuf finished = data;
        data = Unpooled.EMPTY_BUFFER;
        finished.release();
        disk.recycle(this);
        return done;
    }

    /** The disk is closed: tells so now, and nobody later. */
    void detach() {
        Completion done = completion;
        completion = null;
        if (done != null) {
            done.failed(new BlockException(BlockError.SHUT_DOWN, "the disk has been closed"));
        }
    }
}
