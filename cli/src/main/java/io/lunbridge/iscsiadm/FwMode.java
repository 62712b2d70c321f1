package io.lunbridge.iscsiadm;

/** {@code -m fw}: targets that the firmware has booted from (M-60). This host's is not asked: none is ever found. */
final class FwMode {

    private FwMode() {}

    static ErrorCode run(Console console) {
        console.error("Could not get list of targets from firmware. (err " + ErrorCode.NO_OBJS_FOUND.number() + ")");
        return ErrorCode.NO_OBJS_FOUND;
    }
}
