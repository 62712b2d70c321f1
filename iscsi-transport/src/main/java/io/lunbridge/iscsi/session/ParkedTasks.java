package io.lunbridge.iscsi.session;

import org.jspecify.annotations.Nullable;

/** Tasks that wait for the command window or for a slot, first come first served: a ring of fixed size. */
final class ParkedTasks {

    private final @Nullable ScsiTask[] ring;
    private int head;
    private int count;

    ParkedTasks(int capacity) {
        ring = new @Nullable ScsiTask[capacity];
    }

    boolean isEmpty() {
        return count == 0;
    }

    int size() {
        return count;
    }

    /** Whether there was room. */
    boolean offer(ScsiTask task) {
        if (count == ring.length) {
            return false;
        }
        ring[(head + count) % ring.length] = task;
        count++;
        return true;
    }

    @Nullable
    ScsiTask peek() {
        return ring[head];
    }

    @Nullable
    ScsiTask poll() {
        ScsiTask task = ring[head];
        if (task != null) {
            ring[head] = null;
            head = (head + 1) % ring.length;
            count--;
        }
        return task;
    }
}
