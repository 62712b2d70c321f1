package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.ResponseHeader;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** Sends a connection's responses and keeps its sequence numbers and command window (RFC 7143 section 4.2.2). */
final class Responses {

    /** Commands that may be under way at a time: the width of the CmdSN window. */
    static final int WINDOW = 128;

    /** Immediate commands that may be under way besides; they hold no place in the window. */
    static final int MAX_IMMEDIATE = 16;

    private final PduWriter writer;
    private final ScsiResponse scsiResponse = new ScsiResponse();
    private final ReadyToTransfer readyToTransfer = new ReadyToTransfer();
    private final NopIn nopIn = new NopIn();
    private int statSn = 1;
    private int expCmdSn;
    private int openCommands;
    private int openImmediate;

    Responses(PduWriter writer) {
        this.writer = writer;
    }

    /** The CmdSN that the first login request carries. */
    void beginAt(int cmdSn) {
        expCmdSn = cmdSn;
    }

    int expCmdSn() {
        return expCmdSn;
    }

    private int maxCmdSn() {
        return expCmdSn + WINDOW - 1 - openCommands;
    }

    /**
     * Counts a request in.
     *
     * @return false if it is outside the window and to be ignored: a repetition, or more than we have asked for
     */
    boolean accept(int cmdSn, boolean immediate) {
        if (immediate) {
            return true;
        }
        if (cmdSn != expCmdSn || maxCmdSn() - cmdSn < 0) {
            return false;
        }
        expCmdSn++;
        return true;
    }

    /** Whether requests before this one are missing. */
    boolean isGap(int cmdSn) {
        return cmdSn - expCmdSn > 0 && maxCmdSn() - cmdSn >= 0;
    }

    boolean takesImmediate() {
        return openImmediate < MAX_IMMEDIATE;
    }

    void commandOpened(boolean immediate) {
        if (immediate) {
            openImmediate++;
        } else {
            openCommands++;
        }
    }

    /** Its place is free again; the command's own last response, which follows, tells so. */
    void commandClosed(boolean immediate) {
        if (immediate) {
            openImmediate--;
        } else {
            openCommands--;
        }
    }

    /** Begins a response that carries the next StatSN without using it up. */
    <S extends ResponseHeader<S>> S next(S view) {
        return writer.next(view).statSn(statSn).expCmdSn(expCmdSn).maxCmdSn(maxCmdSn());
    }

    /** Begins a response that uses up a StatSN. */
    <S extends ResponseHeader<S>> S nextWithStatus(S view) {
        S header = next(view);
        statSn++;
        return header;
    }

    /** Ends a command. {@code residualBytes}: above 0 was expected and not moved, below 0 would have been more. */
    void scsi(int initiatorTaskTag, int status, @Nullable CheckCondition condition, long residualBytes) {
        nextWithStatus(scsiResponse)
                .initiatorTaskTag(initiatorTaskTag)
                .status(condition == null ? status : ScsiStatus.CHECK_CONDITION)
                .underflow(residualBytes > 0)
                .overflow(residualBytes < 0)
                .residualCount((int) Math.abs(residualBytes));
        if (condition == null) {
            writer.finish();
        } else {
            ByteBuf sense = Unpooled.buffer(CheckCondition.SEGMENT_BYTES);
            condition.write(sense);
            writer.finish(sense);
        }
    }

    /** Asks for data; the caller fills in what is asked for and calls {@link #finish}. */
    ReadyToTransfer readyToTransfer() {
        return next(readyToTransfer);
    }

    void finish() {
        writer.finish();
    }

    /** Completes the response with data, which it owns from here on. */
    void finish(ByteBuf data) {
        writer.finish(data);
    }

    void ping(int initiatorTaskTag, long lun, ByteBuf data) {
        nextWithStatus(nopIn).initiatorTaskTag(initiatorTaskTag).lun(lun);
        writer.finish(data);
    }

    void taskManagement(int initiatorTaskTag, int response) {
        nextWithStatus(new TaskManagementResponse())
                .initiatorTaskTag(initiatorTaskTag)
                .response(response);
        writer.finish();
    }

    void logout(int initiatorTaskTag, int response) {
        nextWithStatus(new LogoutResponse()).initiatorTaskTag(initiatorTaskTag).response(response);
        writer.finish();
    }

    /** A piece of text; {@code transferTag} is reserved if it is the last. */
    void text(int initiatorTaskTag, int transferTag, ByteBuf data) {
        boolean last = transferTag == BasicHeader.RESERVED_TAG;
        nextWithStatus(new TextResponse())
                .initiatorTaskTag(initiatorTaskTag)
                .targetTransferTag(transferTag)
                .finalBit(last)
                .continueBit(!last);
        writer.finish(data);
    }

    void reject(RejectReason reason, BasicHeader<?> rejected) {
        nextWithStatus(new Reject()).reason(reason);
        writer.finish(rejected.bytes().copy());
    }

    void flush() {
        writer.flush();
    }
}
