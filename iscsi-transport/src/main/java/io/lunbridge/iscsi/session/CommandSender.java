package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.TaskAttribute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts SCSI commands and their data on the wire (RFC 7143 sections 11.3 and 11.7).
 *
 * <p>R2Ts are answered as they arrive, across tasks, and at once: the whole burst goes into the turn's gathering write as
 * slices of the write data. Nothing is ever read ahead of what the target asked for.
 */
final class CommandSender {

    private static final Logger LOG = LoggerFactory.getLogger(CommandSender.class);

    private final Connection connection;
    private final PduWriter writer;
    private final Flow flow;
    private SendLimits limits;
    private final ScsiCommand command = new ScsiCommand();
    private final DataOut dataOut = new DataOut();
    private boolean longBurstSeen;

    CommandSender(Connection connection, FullFeature fullFeature) {
        this.connection = connection;
        writer = connection.writer();
        limits = fullFeature.sendLimits();
        flow = fullFeature.keys().flow();
    }

    /** The target takes other segments from now on. */
    void maxSegmentBytes(int maxSegmentBytes) {
        limits = limits.withMaxSegmentBytes(maxSegmentBytes);
    }

    /** Sends the command with its immediate data, then its unsolicited data. The task has its tag already. */
    void send(ScsiTask task, int cmdSn) {
        int totalBytes = task.expectedBytes();
        int immediateBytes = task.isWrite() ? limits.immediateBytes(totalBytes) : 0;
        int unsolicitedBytes = task.isWrite() ? limits.unsolicitedBytes(totalBytes) : 0;
        task.start(immediateBytes + unsolicitedBytes);
        writer.next(command)
                .finalBit(unsolicitedBytes == 0)
                .readBit(task.isRead())
                .writeBit(task.isWrite())
                .attribute(TaskAttribute.SIMPLE)
                .lun(task.lunBytes())
                .initiatorTaskTag(task.initiatorTaskTag())
                .expectedDataTransferLength(totalBytes)
                .cmdSn(cmdSn)
                .expStatSn(connection.expStatSn())
                .cdb(task.cdb().high(), task.cdb().low());
        if (immediateBytes > 0) {
            writer.finish(task.sliceToSend(0, immediateBytes));
        } else {
            writer.finish();
        }
        if (unsolicitedBytes > 0) {
            sendBurst(task, BasicHeader.RESERVED_TAG, 0, immediateBytes, unsolicitedBytes);
        }
    }

    /** Sends what the R2T asks for, if it may. One that is longer than MaxBurstLength is answered all the same. */
    void answer(ScsiTask task, ReadyToTransfer header) throws PduException {
        task.admit(header, flow, writer.flushes());
        int lengthBytes = header.desiredDataTransferLength();
        if (lengthBytes > limits.maxBurstBytes() && !longBurstSeen) {
            longBurstSeen = true;
            LOG.warn("the target asks for {} bytes at once, MaxBurstLength is {}", lengthBytes, limits.maxBurstBytes());
        }
        sendBurst(task, header.targetTransferTag(), header.lun(), header.bufferOffset(), lengthBytes);
    }

    private void sendBurst(ScsiTask task, int targetTransferTag, long lunBytes, int offsetBytes, int lengthBytes) {
        int dataSn = 0;
        int end = offsetBytes + lengthBytes;
        for (int at = offsetBytes; at < end; at += limits.maxSegmentBytes()) {
            int segmentBytes = Math.min(limits.maxSegmentBytes(), end - at);
            writer.next(dataOut)
                    .finalBit(at + segmentBytes == end)
                    .lun(lunBytes)
                    .initiatorTaskTag(task.initiatorTaskTag())
                    .targetTransferTag(targetTransferTag)
                    .expStatSn(connection.expStatSn())
                    .dataSn(dataSn++)
                    .bufferOffset(at);
            writer.finish(task.sliceToSend(at, segmentBytes));
        }
    }
}
