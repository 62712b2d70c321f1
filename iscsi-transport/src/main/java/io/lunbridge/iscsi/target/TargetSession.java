package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.function.Predicate;

/** A session in its Full Feature Phase: its tasks, and the requests that are not about SCSI. */
final class TargetSession {

    private final RamTarget target;
    private final TargetLogin.Nexus nexus;
    private final Responses responses;
    private final DataInQueue dataIn;
    private final TaskSet tasks;
    private final TextAnswers text;

    TargetSession(RamTarget target, TargetLogin.Nexus nexus, Channel channel, Responses responses, TextAnswers text) {
        this.target = target;
        this.nexus = nexus;
        this.responses = responses;
        this.text = text;
        NegotiatedKeys keys = nexus.keys();
        dataIn = new DataInQueue(channel, responses, keys.lengths());
        tasks = new TaskSet(target.commands(), keys, responses, dataIn);
    }

    TargetLogin.Nexus nexus() {
        return nexus;
    }

    TaskSet tasks() {
        return tasks;
    }

    TextAnswers text() {
        return text;
    }

    /** The channel takes data again. */
    void pump() {
        dataIn.pump();
    }

    void ping(NopOut header, ByteBuf data) {
        if (header.initiatorTaskTag() != BasicHeader.RESERVED_TAG) {
            int n = Math.min(data.readableBytes(), nexus.keys().lengths().maxSendBytes());
            responses.ping(header.initiatorTaskTag(), header.lun(), data.copy(data.readerIndex(), n));
        }
    }

    void manage(TaskManagementRequest header) {
        int answer = switch (header.function()) {
            case ABORT_TASK -> abortTask(header);
            case ABORT_TASK_SET -> onUnit(header.lun(), () -> tasks.abort(onUnit(header.lun())));
            case CLEAR_TASK_SET -> onUnit(header.lun(), () -> target.abortAll(onUnit(header.lun()), false));
            case LOGICAL_UNIT_RESET -> onUnit(header.lun(), () -> target.abortAll(onUnit(header.lun()), true));
            case TARGET_WARM_RESET, TARGET_COLD_RESET -> {
                target.abortAll(tag -> true, true);
                yield TaskManagementResponse.FUNCTION_COMPLETE;
            }
            case CLEAR_ACA -> TaskManagementResponse.FUNCTION_COMPLETE;
            case TASK_REASSIGN -> TaskManagementResponse.REASSIGNMENT_NOT_SUPPORTED;
            case UNKNOWN -> TaskManagementResponse.FUNCTION_NOT_SUPPORTED;
        };
        responses.taskManagement(header.initiatorTaskTag(), answer);
    }

    private int abortTask(TaskManagementRequest header) {
        int referenced = header.referencedTaskTag();
        boolean found = tasks.abort(tag -> tag.initiatorTaskTag() == referenced);
        return found ? TaskManagementResponse.FUNCTION_COMPLETE : TaskManagementResponse.TASK_DOES_NOT_EXIST;
    }

    private int onUnit(long lun, Runnable function) {
        if (target.commands().disk(lun) == null) {
            return TaskManagementResponse.LUN_DOES_NOT_EXIST;
        }
        function.run();
        return TaskManagementResponse.FUNCTION_COMPLETE;
    }

    private static Predicate<TaskTag> onUnit(long lun) {
        return tag -> tag.lun() == lun;
    }
}
