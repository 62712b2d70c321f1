package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.PduException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks on the wire, found by Initiator Task Tag.
 *
 * <p>A tag is a slot's index and the generation of its use, so an answer that comes after its task is over finds nobody
 * instead of the slot's next user. Slots are allocated once. The reserved tag is never issued: no slot has its index.
 */
final class TaskTable {

    /** Most slots; the index of all ones stays unused. */
    static final int MAX_SLOTS = (1 << TaskTable.INDEX_BITS) - 1;

    private static final int INDEX_BITS = 12;
    private static final int INDEX_MASK = MAX_SLOTS;
    private static final int NEXT_GENERATION = 1 << INDEX_BITS;

    private final @Nullable Task[] tasks;
    private final int[] lastTags;
    private final int[] freeSlots;
    private int freeCount;
    private int tick;

    TaskTable(int slots) {
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException("a table of " + slots + " slots");
        }
        tasks = new @Nullable Task[slots];
        lastTags = new int[slots];
        freeSlots = new int[slots];
        for (int slot = slots - 1; slot >= 0; slot--) {
            lastTags[slot] = slot;
            freeSlots[freeCount++] = slot;
        }
    }

    /** Gives the task a tag. The table must not be full. */
    void add(Task task) {
        int slot = freeSlots[--freeCount];
        lastTags[slot] += NEXT_GENERATION;
        tasks[slot] = task;
        task.initiatorTaskTag(lastTags[slot]);
        task.progress(tick);
    }

    /** The table's idea of time: seconds since the session's start; wraps. */
    int tick() {
        return tick;
    }

    int nextTick() {
        return ++tick;
    }

    /** Takes the task out, so that its tag finds nobody from now on. */
    void remove(Task task) {
        int slot = task.initiatorTaskTag() & INDEX_MASK;
        assert lastTags[slot] == task.initiatorTaskTag() : "not in the table";
        tasks[slot] = null;
        freeSlots[freeCount++] = slot;
        task.initiatorTaskTag(BasicHeader.RESERVED_TAG);
    }

    /**
     * The task of that tag; null if it is over already.
     *
     * @throws PduException if the tag was never issued
     */
    @Nullable
    Task find(int tag) throws PduException {
        int slot = tag & INDEX_MASK;
        if (slot >= tasks.length || SerialNumber.isBefore(lastTags[slot], tag)) {
            throw new PduException(
                    PduException.Cause.PROTOCOL,
                    "an Initiator Task Tag that was never issued: " + Integer.toHexString(tag));
        }
        return lastTags[slot] == tag ? tasks[slot] : null;
    }

    /** Visits the tasks; the visitor may remove the one it is given. */
    void forEach(Consumer<Task> visitor) {
        for (Task task : tasks) {
            if (task != null) {
                visitor.accept(task);
            }
        }
    }
}
