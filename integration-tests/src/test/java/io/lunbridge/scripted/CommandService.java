package io.lunbridge.scripted;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Answers requests of the full feature phase as an ordinary target does, whole or in the pieces a script needs. */
public final class CommandService {

    private static final int FINAL = 0x80;
    private static final int STATUS = 0x01;
    private static final int UNDERFLOW = 0x02;
    private static final int OVERFLOW = 0x04;

    private final Peer peer;
    private int lastTransferTag = 0x0abba000;

    CommandService(Peer peer) {
        this.peer = peer;
    }

    /** Answers one request whole. */
    public void serve(RawPdu request) throws IOException {
        switch (request.opcode()) {
            case Op.SCSI_COMMAND -> serveCommand(request);
            case Op.NOP_OUT -> answerPing(request);
            case Op.LOGOUT -> peer.sendStatus(replyTo(request, Op.LOGOUT_RESPONSE));
            case Op.TASK_MANAGEMENT -> peer.sendStatus(replyTo(request, Op.TASK_MANAGEMENT_RESPONSE));
            default -> throw new AssertionError("nothing in the script answers " + request);
        }
    }

    private void answerPing(RawPdu ping) throws IOException {
        if (ping.initiatorTaskTag() != RawReply.RESERVED_TAG) {
            peer.sendStatus(replyTo(ping, Op.NOP_IN)
                    .targetTransferTag(RawReply.RESERVED_TAG)
                    .data(ping.data()));
        }
    }

    private void serveCommand(RawPdu command) throws IOException {
        if (command.lun() != VirtualDisk.LUN_FIELD && command.operationCode() != Op.REPORT_LUNS) {
            fail(command, Scsi.ILLEGAL_REQUEST, 0x25, 0x00);
        } else if (Op.isRead(command)) {
            read(command);
        } else if (Op.isWrite(command)) {
            write(command);
        } else {
            serveOther(command);
        }
    }

    private void serveOther(RawPdu command) throws IOException {
        byte @Nullable [] answer = peer.disk().answer(command);
        if (answer == null) {
            boolean isKnown = command.operationCode() == Op.INQUIRY || command.operationCode() == Op.MODE_SENSE_6;
            fail(command, Scsi.ILLEGAL_REQUEST, isKnown ? 0x24 : 0x20, 0x00);
        } else if (answer.length == 0) {
            good(command);
        } else {
            int length = (int) Math.min(answer.length, command.expectedDataTransferLength());
            byte[] sent = Arrays.copyOf(answer, length);
            peer.sendStatus(lastDataIn(command, sent, 0, 0));
        }
    }

    /** Answers a READ with the disk's contents: bursts and segments as negotiated, status on the last Data-In. */
    public void read(RawPdu command) throws IOException {
        byte[] data = peer.disk().bytes(VirtualDisk.offsetOf(command), VirtualDisk.lengthOf(command));
        int segment = Math.min(1 << 20, peer.keys().number("MaxRecvDataSegmentLength"));
        int burst = peer.keys().number("MaxBurstLength");
        int dataSn = 0;
        int offset = 0;
        while (offset < data.length) {
            int end = Math.min(data.length, Math.min(offset + segment, (offset / burst + 1) * burst));
            byte[] piece = Arrays.copyOfRange(data, offset, end);
            if (end == data.length) {
                peer.sendStatus(lastDataIn(command, piece, offset, dataSn));
            } else {
                peer.sendData(dataIn(command, piece, offset, dataSn).flags(end % burst == 0 ? FINAL : 0));
            }
            dataSn++;
            offset = end;
        }
    }

    /** Takes a WRITE's data as negotiated, asking for what is not sent unasked, stores it, and answers GOOD. */
    public void write(RawPdu command) throws IOException {
        byte[] data = writeData(command);
        peer.disk().store(VirtualDisk.offsetOf(command), data);
        good(command);
    }

    /** All the data of a WRITE: immediate, unsolicited, and by one R2T per burst. No status is sent. */
    public byte[] writeData(RawPdu command) throws IOException {
        byte[] data = new byte[VirtualDisk.lengthOf(command)];
        byte[] unsolicited = new Bursts(peer).unsolicited(command);
        System.arraycopy(unsolicited, 0, data, 0, unsolicited.length);
        int burst = peer.keys().number("MaxBurstLength");
        int r2tSn = 0;
        for (int offset = unsolicited.length; offset < data.length; offset += burst) {
            int length = Math.min(burst, data.length - offset);
            byte[] part = solicit(command, r2tSn++, offset, length);
            System.arraycopy(part, 0, data, offset, length);
        }
        return data;
    }

    /** Sends one R2T and takes the burst that answers it, held to every rule for it. */
    public byte[] solicit(RawPdu command, int r2tSn, long offset, int length) throws IOException {
        int transferTag = ++lastTransferTag;
        peer.sendUnacknowledged(
                r2t(command, transferTag, r2tSn).bufferOffset(offset).lastWord(length));
        return new Bursts(peer).solicited(command, transferTag, offset, length);
    }

    /** The data that a WRITE brings unasked, immediate data first. */
    public byte[] writeUnsolicited(RawPdu command) throws IOException {
        return new Bursts(peer).unsolicited(command);
    }

    /** Takes the burst that answers an R2T that the script has sent before. */
    public byte[] answerTo(RawPdu command, int transferTag, long offset, int length) throws IOException {
        return new Bursts(peer).solicited(command, transferTag, offset, length);
    }

    /** An R2T without offset and length. */
    public RawReply r2t(RawPdu command, int transferTag, int r2tSn) {
        return replyTo(command, Op.R2T)
                .lun(command.lun())
                .targetTransferTag(transferTag)
                .dataSn(r2tSn);
    }

    /** A Data-In without F, S, or status. */
    public RawReply dataIn(RawPdu command, byte[] data, long offset, int dataSn) {
        return replyTo(command, Op.DATA_IN)
                .flags(0)
                .targetTransferTag(RawReply.RESERVED_TAG)
                .dataSn(dataSn)
                .bufferOffset(offset)
                .data(data);
    }

    /** A Data-In with F and S, status GOOD, and the residual that its end leaves. To be sent with a StatSN. */
    public RawReply lastDataIn(RawPdu command, byte[] data, long offset, int dataSn) {
        long missing = command.expectedDataTransferLength() - offset - data.length;
        int residual = missing > 0 ? UNDERFLOW : missing < 0 ? OVERFLOW : 0;
        return dataIn(command, data, offset, dataSn)
                .flags(FINAL | STATUS | residual)
                .lastWord(Math.abs(missing));
    }

    /** Status GOOD, without residual. */
    public void good(RawPdu command) throws IOException {
        status(command, Scsi.GOOD);
    }

    /** A SCSI Response with this status and no sense. */
    public void status(RawPdu command, int status) throws IOException {
        peer.sendStatus(replyTo(command, Op.SCSI_RESPONSE).u8(3, status));
    }

    /** CHECK CONDITION with fixed-format sense. */
    public void fail(RawPdu command, int senseKey, int additionalSenseCode, int qualifier) throws IOException {
        peer.sendStatus(replyTo(command, Op.SCSI_RESPONSE)
                .u8(3, Scsi.CHECK_CONDITION)
                .flags(FINAL | UNDERFLOW)
                .lastWord(command.expectedDataTransferLength())
                .data(Scsi.fixedSense(senseKey, additionalSenseCode, qualifier)));
    }

    /** A Reject of this PDU, which it quotes (section 11.17). */
    public RawReply rejectOf(RawPdu request, int reason) {
        return RawReply.of(Op.REJECT)
                .u8(2, reason)
                .initiatorTaskTag(RawReply.RESERVED_TAG)
                .data(request.header());
    }

    /** A PDU of this opcode with the request's Initiator Task Tag. */
    public RawReply replyTo(RawPdu request, int opcode) {
        return RawReply.of(opcode).initiatorTaskTag(request.initiatorTaskTag());
    }
}
