package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.session.TestTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Payload is never copied on its way through the disk: what a reader gets is the received memory, what goes on the wire is
 * the writer's. Shown by addresses, and by a change on one side that is seen on the other.
 */
class ZeroCopyTest {

    private static final int BLOCK_BYTES = 512;

    private final FakeUnit unit = new FakeUnit().open();
    private final List<ByteBuf> results = new ArrayList<>();

    @AfterEach
    void close() {
        results.forEach(ByteBuf::release);
        unit.close();
    }

    @Test
    void aReadIsTheReceivedMemory() {
        unit.disk().read(0, BLOCK_BYTES, completion());
        int tag = unit.target.sentOne().as(new ScsiCommand()).initiatorTaskTag();
        ByteBuf received = unit.target
                .add(
                        new DataIn(),
                        Unpooled.wrappedBuffer(new byte[BLOCK_BYTES]),
                        header -> header.initiatorTaskTag(tag).finalBit(true).statusBit(true))
                .deliver();
        ByteBuf result = results.get(0);
        assertThat(result.memoryAddress()).isEqualTo(received.memoryAddress() + BasicHeader.LENGTH_BYTES);
        received.setByte(BasicHeader.LENGTH_BYTES + 7, 0x42);
        assertThat(result.getByte(7)).isEqualTo((byte) 0x42);
    }

    @Test
    void aWriteIsTheGivenMemory() {
        ByteBuf given = Unpooled.directBuffer(BLOCK_BYTES).writeZero(BLOCK_BYTES);
        unit.disk().write(0, given, Durability.CACHED, completion());
        TestTarget.Sent sent = unit.target.sentOne();
        given.setByte(9, 0x42);
        assertThat(sent.data().getByte(sent.data().readerIndex() + 9)).isEqualTo((byte) 0x42);
    }

    private Completion completion() {
        return new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                results.add(data);
            }

            @Override
            public void failed(BlockException cause) {
                assertThat(cause.error().name())
                        .as("the write that is never answered")
                        .isEqualTo("IO");
            }
        };
    }
}
