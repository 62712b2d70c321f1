package io.lunbridge.iscsi.session;

import org.jspecify.annotations.Nullable;

/**
 * Which commands are overdue. A command's time runs while nothing happens to it; the table's tick is the clock.
 *
 * <p>As in the Linux kernel, it is not the duration that counts. A command has more time as long as
 *
 * <ul>
 *   <li>its data moves,
 *   <li>PDUs of it wait behind others in our own send queue, and that queue moves,
 *   <li>a command that was sent before it makes progress: the target is at work and has not come to this one.
 * </ul>
 */
final class CommandTimer {

    private final Connection connection;
    private final TaskTable tasks;
    private long lastSentBytes;

    /** The scan's results: fields, so that a scan needs no object. */
    private @Nullable ScsiTask oldestWithProgress;

    private @Nullable ScsiTask oldestWithout;

    CommandTimer(Connection connection, TaskTable tasks) {
        this.connection = connection;
        this.tasks = tasks;
    }

    /** One more second has passed. */
    void tick() {
        int now = tasks.nextTick();
        long sentBytes = connection.sentBytes();
        if (sentBytes != lastSentBytes) {
            tasks.forEach(task -> {
                if (task instanceof ScsiTask command && command.queuedUpTo() > sentBytes) {
                    command.progress(now);
                }
            });
        }
        lastSentBytes = sentBytes;
    }

    /** Seconds since the session's start; wraps. */
    int now() {
        return tasks.tick();
    }

    /** The overdue command that was sent first; null if there is none. */
    @Nullable
    ScsiTask overdue(int limitSeconds) {
        int oldestTick = tasks.tick() - limitSeconds;
        oldestWithProgress = null;
        oldestWithout = null;
        tasks.forEach(task -> {
            if (task instanceof ScsiTask command) {
                sort(command, oldestTick);
            }
        });
        ScsiTask stuck = oldestWithout;
        ScsiTask alive = oldestWithProgress;
        boolean ahead = stuck != null && (stuck.rejection() != null || alive == null || isOlder(stuck, alive));
        return ahead ? stuck : null;
    }

    private void sort(ScsiTask command, int oldestTick) {
        if (command.rejection() != null) {
            oldestWithout = command;
        } else if (!SerialNumber.isBefore(command.lastProgressTick(), oldestTick)) {
            oldestWithProgress = older(oldestWithProgress, command);
        } else if (oldestWithout == null || oldestWithout.rejection() == null) {
            oldestWithout = older(oldestWithout, command);
        }
    }

    private static ScsiTask older(@Nullable ScsiTask one, ScsiTask other) {
        return one != null && isOlder(one, other) ? one : other;
    }

    private static boolean isOlder(ScsiTask one, ScsiTask other) {
        return SerialNumber.isBefore(one.cmdSn(), other.cmdSn());
    }
}
