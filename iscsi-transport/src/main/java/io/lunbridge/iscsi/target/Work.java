package io.lunbridge.iscsi.target;

import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;

/** What a command comes down to, once it is understood. */
sealed interface Work {

    /**
     * The command is done and has no data.
     *
     * @param status a SAM status other than CHECK CONDITION
     */
    record Done(int status) implements Work {

        static final Done GOOD = new Done(ScsiStatus.GOOD);
    }

    /**
     * Parameter data goes to the initiator.
     *
     * @param data already cut to the allocation length
     */
    record Reply(ByteBuf data) implements Work {}

    /** Blocks go to the initiator. */
    record Read(RamStore store, long offsetBytes, long lengthBytes) implements Work {}

    /** Data comes from the initiator. */
    record Receive(DataSink sink) implements Work {}
}
