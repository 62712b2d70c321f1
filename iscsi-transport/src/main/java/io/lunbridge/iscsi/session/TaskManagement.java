package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;

/**
 * Task management requests (RFC 7143 section 11.5): immediate, one at a time, with a slot of the task table that nothing
 * else takes. One that is withdrawn loses its tag, so an answer that comes too late finds nobody.
 */
final class TaskManagement extends Task {

    private final Connection connection;
    private final TaskTable tasks;
    private final CommandWindow window;
    private final TaskManagementRequest request = new TaskManagementRequest();

    private TaskFunction function = TaskFunction.UNKNOWN;
    private long lunBytes;
    private int referencedTag;
    private int refCmdSn;

    TaskManagement(Connection connection, TaskTable tasks, CommandWindow window) {
        this.connection = connection;
        this.tasks = tasks;
        this.window = window;
    }

    /** The task is one that went out as a non-immediate command. */
    void abortTask(ScsiTask task) {
        send(TaskFunction.ABORT_TASK, task.lunBytes(), task.initiatorTaskTag(), task.cmdSn());
    }

    void resetUnit(long unitLunBytes) {
        send(TaskFunction.LOGICAL_UNIT_RESET, unitLunBytes, BasicHeader.RESERVED_TAG, 0);
    }

    void resetTarget() {
        send(TaskFunction.TARGET_WARM_RESET, 0, BasicHeader.RESERVED_TAG, 0);
    }

    private void send(TaskFunction newFunction, long newLunBytes, int newReferencedTag, int newRefCmdSn) {
        function = newFunction;
        lunBytes = newLunBytes;
        referencedTag = newReferencedTag;
        refCmdSn = newRefCmdSn;
        sendAgain();
    }

    /** The same request under a new tag: for one that the target could not take at the time. */
    void sendAgain() {
        tasks.add(this);
        connection
                .writer()
                .next(request)
                .immediate(true)
                .function(function)
                .lun(lunBytes)
                .initiatorTaskTag(initiatorTaskTag())
                .referencedTaskTag(referencedTag)
                .cmdSn(window.next())
                .expStatSn(connection.expStatSn())
                .refCmdSn(refCmdSn);
        connection.writer().finish();
    }

    boolean isOut() {
        return initiatorTaskTag() != BasicHeader.RESERVED_TAG;
    }

    /** It is answered, or its answer is not waited for any longer. */
    void withdraw() {
        if (isOut()) {
            tasks.remove(this);
        }
    }

    TaskFunction function() {
        return function;
    }

    @Override
    void abandon(IscsiException cause) {}
}
