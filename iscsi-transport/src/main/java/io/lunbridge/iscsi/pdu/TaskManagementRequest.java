package io.lunbridge.iscsi.pdu;

/** Task Management Function Request (RFC 7143 section 11.5). */
public final class TaskManagementRequest extends RequestHeader<TaskManagementRequest> {

    private static final int FUNCTION = 0x7f;

    public TaskManagementRequest() {
        super(Opcode.TASK_MANAGEMENT_REQUEST);
    }

    @Override
    TaskManagementRequest self() {
        return this;
    }

    @Override
    void reserveTags() {
        referencedTaskTag(RESERVED_TAG);
    }

    public TaskFunction function() {
        return TaskFunction.of(uint8(FLAGS_OFFSET) & FUNCTION);
    }

    public TaskManagementRequest function(TaskFunction function) {
        return flagBits(FUNCTION, function.code());
    }

    /** The task to abort or reassign; reserved for all other functions. */
    public int referencedTaskTag() {
        return int32(20);
    }

    public TaskManagementRequest referencedTaskTag(int tag) {
        return int32(20, tag);
    }

    /** CmdSN of the task to abort. */
    public int refCmdSn() {
        return int32(32);
    }

    public TaskManagementRequest refCmdSn(int number) {
        return int32(32, number);
    }

    /** For a reassigned task: the next DataSN or R2TSN expected. */
    public int expDataSn() {
        return int32(36);
    }

    public TaskManagementRequest expDataSn(int number) {
        return int32(36, number);
    }
}
