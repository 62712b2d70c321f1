package io.lunbridge.devices;

import io.lunbridge.iscsi.disk.DiskStatistics;
import io.lunbridge.iscsi.disk.ScsiDisk;

/**
 * How a device is.
 *
 * @param state {@code attaching}, {@code attached}, {@code recovering}, {@code failed}, {@code gone}, …
 * @param inFlight commands that the target has
 * @param queued requests and commands that wait here
 * @param secondsLeft until what waits fails; -1 where nothing will end the waiting
 * @param detail why it is not simply attached; empty where it is
 */
record DeviceStatus(String state, int inFlight, int queued, long secondsLeft, String detail) {

    static final String ATTACHED = "attached";

    static final long NO_LIMIT = -1;

    static DeviceStatus of(ScsiDisk disk, boolean loggedIn) {
        DiskStatistics.Queue queue = disk.statistics().queue();
        String state = loggedIn ? ATTACHED : "recovering";
        return new DeviceStatus(state, queue.inFlight(), queue.held(), NO_LIMIT, "");
    }

    static DeviceStatus plain(String state) {
        return new DeviceStatus(state, 0, 0, NO_LIMIT, "");
    }
}
