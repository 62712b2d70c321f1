package io.lunbridge.nbd.transmission;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Extent;
import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.protocol.Command;
import io.lunbridge.nbd.protocol.NbdError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection in the transmission phase: the last handler of its channel. Everything happens on the channel's event
 * loop, which is the export's device's.
 *
 * <p>Requests are executed as they come and answered as they complete. A client is never timed out. When its socket
 * dies, what it has in flight still runs to its end (the medium may change until then) and only then is {@link
 * #terminated()} done.
 */
public final class NbdConnection extends ChannelDuplexHandler {

    /** Of each read from the socket. 64 KiB stay in the CPU's cache; larger ones measured slower. */
    static final int RECEIVE_BUFFER_BYTES = 64 * 1024;
    /** More unsent reply bytes than this, and no further request is read … */
    private static final int UNSENT_BYTES_HIGH = 4 << 20;
    /** … until so many are left. */
    private static final int UNSENT_BYTES_LOW = 1 << 20;
    /** Buffers that may still arrive after reading was switched off. A transport delivers one. */
    private static final int PARKED_BUFFERS_MAX = 64;

    private static final Logger LOG = LoggerFactory.getLogger(NbdConnection.class);

    private final Channel channel;
    private final Promise<Void> terminated;
    private final InFlight inFlight = new InFlight();
    private final ArrayDeque<NbdRequest> spareRequests = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> parked = new ArrayDeque<>();
    private final RequestReader reader;
    private final RequestCheck check;
    private final RequestExecutor executor;
    private final Negotiated negotiated;

    @SuppressWarnings("NullAway.Init") // from handlerAdded on, which comes before all else
    private ReplyWriter replies;

    private TransmissionState state = TransmissionState.SERVING;
    private boolean paused;
    private boolean disconnected;

    /**
     * A connection for a channel that has left the handshake, to be added to its pipeline.
     *
     * @throws IllegalStateException if the channel and the device are not on the same loop
     */
    @SuppressWarnings("ReferenceEquality") // a loop is itself
    public NbdConnection(Channel channel, Negotiated negotiated) {
        if (channel.eventLoop() != negotiated.export().device().eventLoop()) {
            throw new IllegalStateException("connection and device are on different event loops");
        }
        this.channel = channel;
        this.negotiated = negotiated;
        this.terminated = channel.eventLoop().newPromise();
        this.reader = new RequestReader(new Intake(), channel.alloc());
        this.check = new RequestCheck(negotiated);
        this.executor = new RequestExecutor(negotiated.export().device(), check);
    }

    /**
     * Serves a connected, registered channel whose peer has not negotiated and will not, as the kernel: simple replies,
     * and whatever the other end was told by other means. Called on the channel's loop, or before its first read.
     *
     * @return the connection, added to the channel's pipeline
     */
    public static NbdConnection transmissionOnly(Channel channel, Export export) {
        configure(channel);
        NbdConnection connection = new NbdConnection(channel, Negotiated.nothing(export));
        channel.pipeline().addLast(connection);
        return connection;
    }

    /** Gives a channel the buffer sizes of the transmission phase. Called before its first read. */
    public static void configure(Channel channel) {
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(RECEIVE_BUFFER_BYTES));
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(UNSENT_BYTES_LOW, UNSENT_BYTES_HIGH));
    }

    /** Done when the channel is closed and the device has nothing of this connection's left to do. */
    public Future<Void> terminated() {
        return terminated;
    }

    /** Whether the client can be answered. May be asked from any thread. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    /** Whether the client said that it disconnects. Asked once the connection has terminated. */
    public boolean clientDisconnected() {
        return disconnected;
    }

    public Export export() {
        return negotiated.export();
    }

    /** Reads no more, answers what is in flight, then closes. Called on the loop. */
    public void finish() {
        if (state.reads()) {
            enter(TransmissionState.FINISHING);
            stopReading();
            reader.abandon();
            closeIfDone();
        }
    }

    /** Answers new requests with ESHUTDOWN, and closes once those begun before are answered. Called on the loop. */
    public void shutDown() {
        if (state == TransmissionState.SERVING) {
            enter(TransmissionState.REFUSING);
            closeIfDone();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        replies = new ReplyWriter(context, negotiated.structuredReplies());
        if (!channel.isOpen()) {
            channelInactive(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!state.reads() || !(message instanceof ByteBuf in)) {
            ReferenceCountUtil.release(message);
        } else if (!paused) {
            process(in);
        } else if (parked.size() < PARKED_BUFFERS_MAX) {
            parked.addLast(in);
        } else {
            in.release();
            violated("data although reading is off");
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        resumeIfPossible();
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (state != TransmissionState.CLOSED) {
            replies.writeHeaders();
        }
        context.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        enter(TransmissionState.CLOSED);
        stopReading();
        reader.abandon();
        replies.release();
        terminateIfDone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("export '{}': {}", export().name(), cause.toString());
        } else {
            LOG.error("export '{}': connection closed by an error of this program", export().name(), cause);
            context.fireExceptionCaught(cause);
        }
        ChannelFuture unused = context.close();
    }

    void succeeded(NbdRequest request, ByteBuf data) {
        if (state == TransmissionState.CLOSED) {
            data.release();
        } else if (request.type() == Command.READ && data.readableBytes() != request.lengthBytes()) {
            LOG.error("device gave {} bytes for {}", data.readableBytes(), request.lengthBytes());
            data.release();
            replies.failure(request, NbdError.EIO, "device gave another length than asked for");
        } else {
            replies.success(request, data);
        }
        end(request);
    }

    void succeeded(NbdRequest request, List<Extent> extents) {
        if (state != TransmissionState.CLOSED) {
            replies.blockStatus(request, extents);
        }
        end(request);
    }

    void failed(NbdRequest request, BlockException cause) {
        NbdError error = NbdError.of(cause.error(), request.type(), request.flags());
        answerFailure(request, error, String.valueOf(cause.getMessage()));
    }

    /** The second half of a request whose success promises durability. */
    void flushFor(NbdRequest request) {
        if (state == TransmissionState.CLOSED) {
            end(request);
        } else {
            executor.flush(request);
        }
    }

    private void answerFailure(NbdRequest request, NbdError error, String message) {
        if (state != TransmissionState.CLOSED) {
            replies.failure(request, error, message);
        }
        end(request);
    }

    private static String refusalMessage(NbdRequest request, NbdError error) {
        return error == NbdError.ESHUTDOWN
                ? "server is shutting down"
                : "request " + request.type() + " with flags " + request.flags() + " for " + request.lengthBytes()
                        + " bytes at " + Long.toUnsignedString(request.offsetBytes()) + " refused: " + error;
    }

    private void end(NbdRequest request) {
        request.end();
        inFlight.end(request.heldBytes());
        spareRequests.addLast(request);
        if (state == TransmissionState.SERVING) {
            resumeIfPossible();
        } else {
            closeIfDone();
        }
    }

    private void process(ByteBuf in) {
        while (in.isReadable() && state.reads()) {
            if (reader.isBetweenRequests() && (inFlight.full() || !channel.isWritable())) {
                paused = true;
                channel.config().setAutoRead(false);
                parked.addFirst(in);
                return;
            }
            reader.advance(in);
        }
        in.release();
    }

    private void resumeIfPossible() {
        if (!paused || !state.reads() || !inFlight.low() || !channel.isWritable()) {
            return;
        }
        paused = false;
        @Nullable ByteBuf next;
        while (!paused && (next = parked.pollFirst()) != null) {
            process(next);
        }
        if (!paused && state.reads()) {
            channel.config().setAutoRead(true);
        }
    }

    /** Throws away what came and was not looked at. */
    private void stopReading() {
        parked.forEach(ByteBuf::release);
        parked.clear();
    }

    private void closeIfDone() {
        if (!inFlight.none()) {
            resumeIfPossible();
        } else if (state == TransmissionState.REFUSING) {
            finish();
        } else if (state == TransmissionState.FINISHING) {
            enter(TransmissionState.CLOSING);
            replies.closeAfterReplies();
        } else {
            terminateIfDone();
        }
    }

    private void terminateIfDone() {
        if (state == TransmissionState.CLOSED && inFlight.none()) {
            terminated.trySuccess(null);
        }
    }

    private void enter(TransmissionState next) {
        state = state.transition(next);
    }

    private void violated(String what) {
        LOG.warn("export '{}': connection closed: {}", export().name(), what);
        finish();
    }

    /** What the reader's findings lead to. */
    private final class Intake implements RequestReader.Listener {

        @Override
        public NbdRequest begin() {
            inFlight.begin();
            NbdRequest spare = spareRequests.pollLast();
            return spare != null ? spare : new NbdRequest(NbdConnection.this);
        }

        @Override
        public boolean admit(NbdRequest request) {
            request.refuse(
                    state == TransmissionState.REFUSING && request.type() != Command.DISC
                            ? NbdError.ESHUTDOWN
                            : check.refusal(request));
            return request.refusal() == null;
        }

        @Override
        public void ready(NbdRequest request, ByteBuf payload, long pinnedBytes) {
            NbdError refusal = request.refusal();
            if (refusal != null) {
                answerFailure(request, refusal, refusalMessage(request, refusal));
            } else if (request.type() == Command.DISC) {
                disconnected = true;
                end(request);
                finish();
            } else {
                long heldBytes = request.type() == Command.READ ? request.lengthBytes() : pinnedBytes;
                request.hold(heldBytes);
                inFlight.hold(heldBytes);
                executor.execute(request, payload);
            }
        }

        @Override
        public void violated(String what) {
            NbdConnection.this.violated(what);
        }

        @Override
        public void abandoned(NbdRequest request) {
            end(request);
        }
    }
}
