package io.lunbridge.nbd.handshake;

import io.lunbridge.nbd.protocol.Handshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a connection through the handshake: greets, cuts the byte stream into options, sends what {@link Negotiation}
 * answers, and gives way to the transmission phase together with whatever the client has already sent for it.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

    /** Starts the transmission phase of a channel that this handler has left. */
    interface Successor {
        void take(ChannelHandlerContext handshake, Negotiation agreed);
    }

    /** For the whole handshake. People type at nbdsh; nobody needs longer. */
    static final long TIME_LIMIT_MILLIS = 60_000;
    /** Of an option's data that is looked at. The longest sensible one is a name and some queries. */
    static final int OPTION_BYTES_MAX = 32 * 1024;
    /** Of an option's data that is thrown away to stay in step; who sends more is dropped. */
    static final long SKIPPED_BYTES_MAX = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeHandler.class);

    private final Negotiation negotiation;
    private final Successor successor;
    private HandshakeState state = HandshakeState.CLIENT_FLAGS;
    private int option;
    private int neededBytes = Integer.BYTES;
    private long toSkipBytes;
    private @Nullable ByteBuf partial;
    private @Nullable ScheduledFuture<?> timeLimit;

    HandshakeHandler(Negotiation negotiation, Successor successor) {
        this.negotiation = negotiation;
        this.successor = successor;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        greet(context);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf in) || state == HandshakeState.OVER) {
            ReferenceCountUtil.release(message);
            return;
        }
        ByteBuf out = context.alloc().buffer();
        Verdict verdict = Verdict.CONTINUE;
        while (verdict == Verdict.CONTINUE && hasNext(in)) {
            verdict = step(in, out);
            // A client waits for each answer, so only one that does not read can be owed as much as this.
            if (out.readableBytes() > context.channel().bytesBeforeUnwritable()) {
                LOG.warn("connection closed: client sends options and does not read the answers");
                verdict = Verdict.CLOSE;
            }
        }
        if (out.isReadable()) {
            ChannelFuture unused = context.writeAndFlush(out, context.voidPromise());
        } else {
            out.release();
        }
        conclude(context, verdict, in);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        leave();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        leave();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("in the handshake: {}", cause.toString());
        } else {
            LOG.error("handshake closed by an error of this program", cause);
            context.fireExceptionCaught(cause);
        }
        ChannelFuture unused = context.close();
    }

    private void greet(ChannelHandlerContext context) {
        ByteBuf greeting = context.alloc().buffer(18);
        greeting.writeLong(Handshake.INIT_PASSWD);
        greeting.writeLong(Handshake.OPTS_MAGIC);
        greeting.writeShort(Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES);
        ChannelFuture unused = context.writeAndFlush(greeting, context.voidPromise());
        timeLimit = context.executor().schedule(() -> timedOut(context), TIME_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void timedOut(ChannelHandlerContext context) {
        LOG.info("connection closed: no end of the handshake after {} ms", TIME_LIMIT_MILLIS);
        ChannelFuture unused = context.close();
    }

    /** Skips what is to be skipped, and says whether the next unit is there whole; if not, keeps its part. */
    private boolean hasNext(ByteBuf in) {
        if (state == HandshakeState.OPTION_SKIP) {
            int now = (int) Math.min(toSkipBytes, in.readableBytes());
            in.skipBytes(now);
            toSkipBytes -= now;
            return toSkipBytes == 0;
        }
        int have = partial == null ? 0 : partial.readableBytes();
        if (have + in.readableBytes() >= neededBytes) {
            return true;
        }
        if (in.isReadable()) {
            partial = partial == null ? in.alloc().buffer(neededBytes, neededBytes) : partial;
            partial.writeBytes(in);
        }
        return false;
    }

    private Verdict step(ByteBuf in, ByteBuf out) {
        if (state == HandshakeState.OPTION_SKIP) {
            expectHeader();
            return negotiation.oversizedOption(option, out);
        }
        ByteBuf unit = takeUnit(in);
        try {
            return switch (state) {
                case CLIENT_FLAGS -> clientFlags(unit.readInt());
                case OPTION_HEADER -> optionHeader(unit.readLong(), unit.readInt(), unit.readUnsignedInt());
                default -> optionData(unit, out);
            };
        } finally {
            unit.release();
        }
    }

    private ByteBuf takeUnit(ByteBuf in) {
        ByteBuf begun = partial;
        partial = null;
        return begun == null
                ? in.readRetainedSlice(neededBytes)
                : begun.writeBytes(in, neededBytes - begun.readableBytes());
    }

    private Verdict clientFlags(int flags) {
        expectHeader();
        return negotiation.clientFlags(flags) ? Verdict.CONTINUE : Verdict.CLOSE;
    }

    private Verdict optionHeader(long magic, int code, long lengthBytes) {
        if (magic != Handshake.OPTS_MAGIC || lengthBytes > SKIPPED_BYTES_MAX) {
            return Verdict.CLOSE;
        }
        option = code;
        if (lengthBytes <= OPTION_BYTES_MAX) {
            state = state.transition(HandshakeState.OPTION_DATA);
            neededBytes = (int) lengthBytes;
        } else {
            state = state.transition(HandshakeState.OPTION_SKIP);
            toSkipBytes = lengthBytes;
        }
        return Verdict.CONTINUE;
    }

    private Verdict optionData(ByteBuf data, ByteBuf out) {
        expectHeader();
        return negotiation.option(option, data, out);
    }

    private void expectHeader() {
        state = state.transition(HandshakeState.OPTION_HEADER);
        neededBytes = Handshake.OPTION_HEADER_BYTES;
    }

    /** Ends the handshake if the verdict says so. Owns {@code in}. */
    private void conclude(ChannelHandlerContext context, Verdict verdict, ByteBuf in) {
        switch (verdict) {
            case CONTINUE -> in.release();
            case CLOSE -> {
                in.release();
                leave();
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
            case TRANSMISSION -> {
                leave();
                successor.take(context, negotiation);
                context.pipeline().fireChannelRead(in);
            }
        }
    }

    private void leave() {
        if (state != HandshakeState.OVER) {
            state = state.transition(HandshakeState.OVER);
        }
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (timeLimit != null) {
            timeLimit.cancel(false);
        }
    }
}
