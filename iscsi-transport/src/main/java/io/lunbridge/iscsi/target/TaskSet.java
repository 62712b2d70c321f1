package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The SCSI tasks of one session: from the command's header to its status. */
final class TaskSet {

    private final DiskCommands commands;
    private final NegotiatedKeys keys;
    private final Responses responses;
    private final DataInQueue dataIn;
    private final IntObjectMap<DataOutTask> dataOut = new IntObjectHashMap<>();
    private final TransferTags transferTags = new TransferTags();
    private final Set<Long> attended = new HashSet<>();

    /** The task that payload comes for; null drops it. */
    private @Nullable DataOutTask current;

    TaskSet(DiskCommands commands, NegotiatedKeys keys, Responses responses, DataInQueue dataIn) {
        this.commands = commands;
        this.keys = keys;
        this.responses = responses;
        this.dataIn = dataIn;
    }

    /** Begins a command. One that takes data, or wrongly brings some, becomes a task that waits for it. */
    void command(ScsiCommand header) throws PduException {
        TaskTag tag = new TaskTag(header.initiatorTaskTag(), header.lun(), header.immediate());
        if (dataOut.containsKey(tag.initiatorTaskTag())) {
            throw new PduException(PduException.Cause.PROTOCOL, "the Initiator Task Tag is in use");
        }
        current = null;
        if (tag.immediate() && !responses.takesImmediate()) {
            responses.reject(RejectReason.IMMEDIATE_COMMAND_REJECT, header);
            return;
        }
        long expectedBytes = Integer.toUnsignedLong(header.expectedDataTransferLength());
        boolean comes = header.writeBit() && expectedBytes > 0;
        if (!comes && (header.dataSegmentLength() > 0 || !header.finalBit())) {
            throw new PduException(PduException.Cause.PROTOCOL, "data with a command that takes none");
        }
        responses.commandOpened(tag.immediate());
        try {
            Work work = start(header);
            if (comes || work instanceof Work.Receive) {
                receive(header, tag, comes ? expectedBytes : 0, work);
            } else {
                send(tag, header.readBit() ? expectedBytes : 0, work);
            }
        } catch (CheckCondition condition) {
            DataOutTask task = comes ? waitFor(header, tag, expectedBytes, null) : null;
            if (task == null) {
                close(tag);
                responses.scsi(tag.initiatorTaskTag(), 0, condition, 0);
            } else {
                task.fail(condition);
            }
        }
    }

    private Work start(ScsiCommand header) throws CheckCondition {
        boolean attention = commands.disk(header.lun()) != null && !attended.contains(header.lun());
        if (attention && !DiskCommands.passesUnitAttention(header)) {
            attended.add(header.lun());
            throw new CheckCondition(CheckCondition.UNIT_ATTENTION, CheckCondition.POWER_ON);
        }
        return commands.start(header);
    }

    private void receive(ScsiCommand header, TaskTag tag, long expectedBytes, Work work)
            throws PduException, CheckCondition {
        if (work instanceof Work.Receive receive) {
            DataSink sink = receive.sink();
            if (sink.exact() && sink.wantedBytes() != expectedBytes) {
                throw CheckCondition.invalidField();
            }
            waitFor(header, tag, expectedBytes, sink);
        } else if (work instanceof Work.Done) {
            waitFor(header, tag, expectedBytes, null);
        } else {
            throw CheckCondition.invalidField();
        }
    }

    private DataOutTask waitFor(ScsiCommand header, TaskTag tag, long expectedBytes, @Nullable DataSink sink)
            throws PduException {
        boolean immediateData = keys.flow().immediateData();
        if ((!immediateData && header.dataSegmentLength() > 0) || (keys.flow().initialR2t() && !header.finalBit())) {
            throw new PduException(PduException.Cause.PROTOCOL, "unsolicited data was not negotiated");
        }
        DataOutTask task =
                new DataOutTask(tag, expectedBytes, sink, keys.lengths().firstBurstBytes());
        task.beginImmediate(header.dataSegmentLength(), header.finalBit());
        dataOut.put(tag.initiatorTaskTag(), task);
        current = task;
        return task;
    }

    private void send(TaskTag tag, long expectedBytes, Work work) {
        if (work instanceof Work.Read read) {
            dataIn.add(DataInQueue.Transfer.of(tag, read, expectedBytes));
        } else if (work instanceof Work.Reply reply) {
            dataIn.add(DataInQueue.Transfer.of(tag, reply, expectedBytes));
        } else {
            int status = work instanceof Work.Done done ? done.status() : ScsiStatus.GOOD;
            close(tag);
            responses.scsi(tag.initiatorTaskTag(), status, null, expectedBytes);
        }
    }

    /** The payload of the command at hand is dropped. */
    void ignore() {
        current = null;
    }

    /** Data for a task; for one that is gone it is dropped. */
    void data(DataOut header) throws PduException {
        current = dataOut.get(header.initiatorTaskTag());
        if (current != null) {
            current.begin(header);
        }
    }

    /** Owns {@code piece}. */
    void payload(ByteBuf piece) {
        if (current == null) {
            piece.release();
        } else {
            current.take(piece);
        }
    }

    void payloadEnd(boolean digestOk) {
        DataOutTask task = current;
        current = null;
        if (task == null) {
            return;
        }
        if (!digestOk) {
            task.fail(new CheckCondition(CheckCondition.ABORTED_COMMAND, CheckCondition.CRC_ERROR));
        }
        task.end();
        task.ask(responses, keys.lengths().maxBurstBytes(), keys.flow().maxOutstandingR2t(), transferTags);
        if (task.isComplete()) {
            dataOut.remove(task.tag().initiatorTaskTag());
            task.finish();
            close(task.tag());
            responses.scsi(task.tag().initiatorTaskTag(), ScsiStatus.GOOD, task.failure(), task.residualBytes());
        }
    }

    /** Ends tasks without a status; true if there were any. */
    boolean abort(Predicate<TaskTag> which) {
        boolean any = dataIn.abort(which);
        var entries = dataOut.entries().iterator();
        while (entries.hasNext()) {
            DataOutTask task = entries.next().value();
            if (which.test(task.tag())) {
                entries.remove();
                close(task.tag());
                any = true;
                current = current == task ? null : current;
            }
        }
        return any;
    }

    /** The next command on these units finds a unit attention. */
    void attention() {
        attended.clear();
    }

    private void close(TaskTag tag) {
        responses.commandClosed(tag.immediate());
    }
}
