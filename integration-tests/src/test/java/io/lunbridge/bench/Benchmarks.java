package io.lunbridge.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.regex.Pattern;

/** What the benchmarks have in common. */
final class Benchmarks {

    /** Requests or PDUs of one call: as many as a busy turn of the loop has. */
    static final int BATCH = 32;

    /** Which classes JMH looks at. */
    static final String ALL = Pattern.quote(Benchmarks.class.getPackageName()) + "\\..*";

    private Benchmarks() {}

    /** Takes what was written to the channel; tells how many bytes. */
    static long drain(EmbeddedChannel channel) {
        long bytes = 0;
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            bytes += part.readableBytes();
            part.release();
        }
        return bytes;
    }
}
