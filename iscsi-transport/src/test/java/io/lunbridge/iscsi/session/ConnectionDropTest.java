package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.SenseData;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever sends a write again must know that nothing more of the first one goes out. */
class ConnectionDropTest {

    private static final int LENGTH = 8192;

    private final TestTarget target = new TestTarget(8, 8, true);
    private final List<String> seen = new ArrayList<>();

    /** Looks around at the moment at which it learns of the loss. */
    private final class Witness extends ScsiTask {

        @Override
        protected void succeeded(ByteBuf readData) {
            readData.release();
        }

        @Override
        protected void refused(int status, SenseData sense) {}

        @Override
        protected void failed(IscsiException cause) {
            seen.add(target.channel.isOpen() ? "open" : "closed");
        }
    }

    @Test
    void theSocketIsClosedWhenATaskLearnsOfTheLoss() {
        ByteBuf data = Unpooled.directBuffer(LENGTH).writeZero(LENGTH);
        Witness write = new Witness();
        write.cdb().write16(0, LENGTH / 512, false);
        write.write(Lun.ofNumber(1), data);
        target.session.submit(write);
        target.sent();
        target.add(
                new ReadyToTransfer(),
                header -> header.initiatorTaskTag(write.initiatorTaskTag())
                        .bufferOffset(TestTarget.MAX_SEND_BYTES)
                        .desiredDataTransferLength(LENGTH - TestTarget.MAX_SEND_BYTES));
        target.add(new NopIn(), header -> header.initiatorTaskTag(0x7fff_ffff)).deliver();
        assertThat(seen).containsExactly("closed");
        target.close();
        assertThat(data.release()).isTrue();
    }
}
