package io.lunbridge.iscsi.session;

import io.netty.buffer.ByteBuf;

/** Told the outcome of one text exchange exactly once, on the event loop. */
public interface TextCompletion {

    /** The whole answer, also where it came in several PDUs; the receiver's to release. */
    void answered(ByteBuf text);

    void failed(IscsiException cause);
}
