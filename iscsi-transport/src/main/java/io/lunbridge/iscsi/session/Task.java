package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.BasicHeader;

/** What waits for an answer of the target: it holds an Initiator Task Tag from its first byte on the wire on. */
abstract class Task {

    private int initiatorTaskTag = BasicHeader.RESERVED_TAG;
    private int lastProgressTick;

    final int initiatorTaskTag() {
        return initiatorTaskTag;
    }

    final void initiatorTaskTag(int tag) {
        initiatorTaskTag = tag;
    }

    /** The {@link TaskTable#tick} at which something last happened to the task. */
    final int lastProgressTick() {
        return lastProgressTick;
    }

    final void progress(int tick) {
        lastProgressTick = tick;
    }

    /** No answer will come. The task has left the table; told once. */
    abstract void abandon(IscsiException cause);
}
