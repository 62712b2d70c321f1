package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.scsi.Cdb;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One SCSI command, from its CDB to its outcome. The caller extends it, so a request costs no further object; it may be
 * used again as soon as an outcome has been told.
 *
 * <p>Use: write the {@link #cdb()}, say what data moves ({@link #noData}, {@link #read}, {@link #query}, {@link
 * #write} or {@link #send}), give it to {@link Session#submit}. Exactly one outcome follows on the session's event loop, possibly before
 * {@code submit} returns: {@link #succeeded}, {@link #refused} or {@link #failed}.
 *
 * <p>Data to be written stays the caller's: the session sends retained slices of it and never releases it, so that the
 * caller can submit it again.
 */
public abstract class ScsiTask extends Task {

    private enum Transfer {
        NONE,
        /** Exactly the expected bytes, or the task fails. */
        READ,
        /** Parameter data: up to the expected bytes. */
        QUERY,
        /** All of the data, or the task fails. */
        WRITE,
        /** Parameter data: the target may leave some of it. */
        SEND
    }

    private final Cdb cdb = new Cdb();
    private final ReadPieces pieces = new ReadPieces();
    private final DataInProgress dataIn = new DataInProgress();
    private final DataOutProgress dataOut = new DataOutProgress();

    private Transfer transfer = Transfer.NONE;
    private long lunBytes;
    private int expectedBytes;
    private ByteBuf writeData = Unpooled.EMPTY_BUFFER;
    private boolean sent;

    private int pieceOffset;
    private boolean damaged;

    private int cmdSn;
    private long queuedUpTo;
    private int abortions;
    private @Nullable TaskException rejection;

    /** The command, to be written before the task is submitted. */
    public final Cdb cdb() {
        return cdb;
    }

    /** Moves no data. */
    public final void noData(Lun lun) {
        begin(lun, Transfer.NONE, 0, Unpooled.EMPTY_BUFFER);
    }

    /** Receives exactly {@code lengthBytes}; fewer with good status are a failure. */
    public final void read(Lun lun, int lengthBytes) {
        begin(lun, Transfer.READ, lengthBytes, Unpooled.EMPTY_BUFFER);
    }

    /** Receives up to {@code allocationBytes} of parameter data. */
    public final void query(Lun lun, int allocationBytes) {
        begin(lun, Transfer.QUERY, allocationBytes, Unpooled.EMPTY_BUFFER);
    }

    /** Sends the readable bytes of {@code data}, which stays the caller's and must live until the outcome. */
    public final void write(Lun lun, ByteBuf data) {
        begin(lun, Transfer.WRITE, data.readableBytes(), data);
    }

    /** Sends {@code parameters} likewise, but does not mind when the target has not taken all of it. */
    public final void send(Lun lun, ByteBuf parameters) {
        begin(lun, Transfer.SEND, parameters.readableBytes(), parameters);
    }

    private void begin(Lun lun, Transfer newTransfer, int lengthBytes, ByteBuf data) {
        transfer = newTransfer;
        lunBytes = lun.eightBytes();
        expectedBytes = lengthBytes;
        writeData = data;
        abortions = 0;
    }

    /** Good status. {@code data} is what was read, the received memory itself and now the task's; else empty. */
    protected abstract void succeeded(ByteBuf data);

    /** Any other status; {@code sense} is {@link SenseData#NONE} where none came. Data that came is dropped. */
    protected abstract void refused(int status, SenseData sense);

    /** No usable status. After a connection's death the target may have executed the command or not. */
    protected abstract void failed(IscsiException cause);

    /** Whether the last submission got as far as the wire, so that the target may have executed the command. */
    protected final boolean wasSent() {
        return sent;
    }

    final void wasSent(boolean onWire) {
        sent = onWire;
    }

    final long lunBytes() {
        return lunBytes;
    }

    final int expectedBytes() {
        return expectedBytes;
    }

    final boolean isRead() {
        return transfer == Transfer.READ || transfer == Transfer.QUERY;
    }

    final boolean isWrite() {
        return transfer == Transfer.WRITE || transfer == Transfer.SEND;
    }

    /** The command has gone out with that number. */
    final void sentAs(int number) {
        cmdSn = number;
        rejection = null;
    }

    final int cmdSn() {
        return cmdSn;
    }

    /** Where in the connection's byte stream the last PDU of the task ends. */
    final long queuedUpTo() {
        return queuedUpTo;
    }

    final void queuedUpTo(long streamBytes) {
        queuedUpTo = streamBytes;
    }

    /** How often the command was aborted since the caller wrote it. */
    final int abortions() {
        return abortions;
    }

    final void countAbortion() {
        abortions++;
    }

    /** Set if the target has rejected the command without counting it. */
    final @Nullable TaskException rejection() {
        return rejection;
    }

    final void rejection(TaskException cause) {
        rejection = cause;
    }

    /**
     * Forgets an earlier submission's progress: called as the command goes on the wire.
     *
     * @param unsolicitedBytes how much data follows it unasked, immediate data included
     */
    final void start(int unsolicitedBytes) {
        dataIn.start();
        dataOut.start(unsolicitedBytes);
        damaged = false;
    }

    /** The next {@code lengthBytes} of the write data, from {@code offsetBytes} on; the caller's to release. */
    final ByteBuf sliceToSend(int offsetBytes, int lengthBytes) {
        return writeData.retainedSlice(writeData.readerIndex() + offsetBytes, lengthBytes);
    }

    /**
     * Checks an R2T against what was announced and what went out already.
     *
     * @param flushes how often anything has been flushed to the target
     */
    final void admit(ReadyToTransfer header, Flow flow, int flushes) throws PduException {
        if (!isWrite()) {
            throw violation("R2T for a command that writes nothing");
        }
        if (header.lun() != lunBytes && !isTheSameUnit(header.lun())) {
            throw violation("R2T with the LUN of another unit");
        }
        dataOut.admit(header, expectedBytes, flow, flushes);
    }

    /** As section 4.2.5.3 demands; but targets write a LUN in another form than the command's, or leave it out. */
    private boolean isTheSameUnit(long otherLunBytes) {
        int number = new Lun(lunBytes).number();
        return otherLunBytes == 0 || (number >= 0 && new Lun(otherLunBytes).number() == number);
    }

    /** Checks a Data-In before any of its payload is taken. */
    final void admit(DataIn header, Flow flow) throws PduException {
        if (!isRead() && header.dataSegmentLength() > 0) {
            throw violation("Data-In for a command that reads nothing");
        }
        dataIn.admit(header, expectedBytes, flow);
        pieceOffset = header.bufferOffset();
    }

    /** Takes the next bytes of the admitted Data-In, and their ownership. */
    final void receive(ByteBuf piece) {
        if (damaged) {
            piece.release();
            return;
        }
        int at = pieceOffset;
        pieceOffset += piece.readableBytes();
        pieces.add(at, piece);
    }

    /** A data digest did not match: nothing of this attempt is handed on, and what still comes is dropped. */
    final void damaged() {
        damaged = true;
        pieces.release();
    }

    /** The target's status. The task has left the table. A recovered error is a success with a remark. */
    final void conclude(int status, SenseData sense, int residualBytes, ByteBufAllocator allocator) {
        boolean recovered = sense.key() == SenseKey.RECOVERED_ERROR && !sense.deferred();
        if (!ScsiStatus.isGood(status) && !recovered) {
            pieces.release();
            refused(status, sense);
            return;
        }
        if (damaged) {
            abandon(new TaskException(TaskException.Kind.DATA_DIGEST, "a data digest did not match"));
            return;
        }
        String defect = defect(residualBytes);
        if (defect == null) {
            succeeded(pieces.take(allocator));
        } else {
            abandon(new TaskException(TaskException.Kind.DEFECT, defect));
        }
    }

    @Override
    final void abandon(IscsiException cause) {
        pieces.release();
        failed(cause);
    }

    private @Nullable String defect(int residualBytes) {
        return switch (transfer) {
            case NONE, SEND -> null;
            case QUERY -> dataIn.isContiguous() ? null : "parameter data with a gap";
            case READ ->
                dataIn.receivedBytes() == expectedBytes && residualBytes == 0
                        ? null
                        : "good status with " + dataIn.receivedBytes() + " of " + expectedBytes + " bytes";
            case WRITE ->
                dataOut.sentBytes() == expectedBytes && residualBytes == 0
                        ? null
                        : "good status after " + dataOut.sentBytes() + " of " + expectedBytes + " bytes, residual "
                                + residualBytes;
        };
    }

    private static PduException violation(String what) {
        return new PduException(PduException.Cause.PROTOCOL, what);
    }
}
