package io.lunbridge.iscsi.disk;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The outcomes of any number of requests, in the order in which they were told. */
final class Outcomes implements Completion {

    final List<String> told = new ArrayList<>();

    @Override
    public void succeeded(ByteBuf data) {
        told.add(data.readableBytes() + " bytes");
        data.release();
    }

    @Override
    public void failed(BlockException cause) {
        told.add(cause.error().name());
    }
}
