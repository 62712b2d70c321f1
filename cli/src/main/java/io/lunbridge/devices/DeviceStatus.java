package io.lunbridge.devices;

import io.lunbridge.iscsi.disk.DiskStatus;
import io.lunbridge.iscsi.disk.ScsiDisk;

/**
 * How a device is.
 *
 * @param state {@code attaching}, {@code attached}, {@code recovering}, {@code failed}, {@code gone}, {@code shrunk}, …
 * @param inFlight commands that the target has
 * @param queued requests and commands that wait here
 * @param secondsLeft until what waits fails; -1 where nothing will end the waiting
 * @param detail why it is not simply attached; empty where it is
 */
record DeviceStatus(String state, int inFlight, int queued, long secondsLeft, String detail) {

    static final String ATTACHED = "attached";

    static final long NO_LIMIT = -1;

    /** Called on the disk's event loop. */
    static DeviceStatus of(ScsiDisk disk) {
        DiskStatus status = disk.status();
        String state = switch (status.state()) {
            case ONLINE -> ATTACHED;
            case ERROR_HANDLING, RECOVERING -> "recovering";
            case FAILED -> "failed";
            case GONE -> "gone";
        };
        return new DeviceStatus(state, status.inFlight(), status.queued(), status.secondsLeft(), status.detail());
    }

    /** The same of a device that is larger than what is behind it. */
    DeviceStatus shrunk() {
        return state.equals(ATTACHED)
                ? new DeviceStatus(
                        "shrunk",
                        inFlight,
                        queued,
                        secondsLeft,
                        "the LUN is smaller than the device, which shrinks when nobody uses it any more")
                : this;
    }

    static DeviceStatus plain(String state) {
        return new DeviceStatus(state, 0, 0, NO_LIMIT, "");
    }
}
