package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.ResponseHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A session in full feature phase on an embedded channel, whose other end the test plays PDU by PDU. */
public final class TestTarget implements AutoCloseable {

    static final int FIRST_CMD_SN = 1;
    static final int FIRST_STAT_SN = 500;
    static final int MAX_SEND_BYTES = 1024;
    static final int MAX_RECEIVE_BYTES = 4096;

    /** One PDU that the session has sent; {@code data} is the sent memory itself. */
    public record Sent(ByteBuf header, ByteBuf data) {

        public <S extends BasicHeader<S>> S as(S view) {
            return view.wrap(header, 0);
        }
    }

    public final EmbeddedChannel channel = new EmbeddedChannel();
    public final Session session;
    public int statSn = FIRST_STAT_SN;
    public int expCmdSn = FIRST_CMD_SN;
    public int maxCmdSn;

    @Nullable
    IscsiException end;

    private final List<ByteBuf> outbound = new ArrayList<>();
    private final ByteBuf received = Unpooled.buffer();

    /**
     * A session whose window and whose own depth are as given; it may send immediate data.
     *
     * @param initialR2T whether everything else waits for an R2T
     */
    public TestTarget(int queueDepth, int windowCommands, boolean initialR2T) {
        channel.freezeTime();
        SessionConfig config = SessionConfig.normal(
                        new TargetAddress("192.0.2.1", 3260, 1), "iqn.2026-11.test:i", "iqn.2026-11.test:t")
                .withQueueDepth(queueDepth);
        maxCmdSn = FIRST_CMD_SN + windowCommands - 1;
        Connection connection = new Connection(channel, new LoginOwner(), MAX_RECEIVE_BYTES);
        channel.pipeline().addLast(connection);
        connection.transition(ConnectionState.IN_LOGIN);
        FullFeature fullFeature =
                new FullFeature(7, new LoginOutcome.Sequence(FIRST_CMD_SN, maxCmdSn, FIRST_STAT_SN), keys(initialR2T));
        session = new Session(config, connection, fullFeature);
        session.start();
        session.addListener(cause -> end = cause);
    }

    private static NegotiatedKeys keys(boolean initialR2T) {
        return new NegotiatedKeys(
                new NegotiatedKeys.Lengths(MAX_RECEIVE_BYTES, MAX_SEND_BYTES, 1 << 20, 2 * MAX_SEND_BYTES),
                new NegotiatedKeys.Flow(initialR2T, true, true, true, 1),
                new NegotiatedKeys.Digests(false, false),
                new NegotiatedKeys.Recovery(0, 2, 20, 1),
                false);
    }

    /** Nobody owns the connection before the session does. */
    private static final class LoginOwner implements ConnectionOwner {
        @Override
        public void connected() {}

        @Override
        public void loginResponse(LoginResponse header, ByteBuf data) {}

        @Override
        public void readDone() {}

        @Override
        public void lost(IscsiException cause) {}
    }

    /** The PDUs that the session has sent since the last call. */
    public List<Sent> sent() {
        channel.runPendingTasks();
        CompositeByteBuf all = Unpooled.compositeBuffer(1024);
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            outbound.add(part);
            all.addComponent(true, part.retainedSlice());
        }
        outbound.add(all);
        List<Sent> pdus = new ArrayList<>();
        while (all.isReadable()) {
            ByteBuf header = all.readSlice(BasicHeader.LENGTH_BYTES);
            int length = header.getUnsignedMedium(5);
            pdus.add(new Sent(header, all.readSlice(length)));
            all.skipBytes(-length & 3);
        }
        return pdus;
    }

    public Sent sentOne() {
        List<Sent> pdus = sent();
        if (pdus.size() != 1) {
            throw new AssertionError("sent " + pdus.size() + " PDUs");
        }
        return pdus.get(0);
    }

    /** Appends a PDU to what {@link #deliver} brings. StatSN is the next one; the filler may change it. */
    public <S extends ResponseHeader<S>> TestTarget add(S view, ByteBuf data, Consumer<S> fill) {
        int at = received.writerIndex();
        received.writeZero(BasicHeader.LENGTH_BYTES);
        view.wrapNew(received, at).statSn(statSn).expCmdSn(expCmdSn).maxCmdSn(maxCmdSn);
        view.dataSegmentLength(data.readableBytes());
        fill.accept(view);
        received.writeBytes(data, data.readerIndex(), data.readableBytes());
        received.writeZero(-data.readableBytes() & 3);
        return this;
    }

    public <S extends ResponseHeader<S>> TestTarget add(S view, Consumer<S> fill) {
        return add(view, Unpooled.EMPTY_BUFFER, fill);
    }

    /** Hands all that was added to the session in one read; returns the received memory. */
    public ByteBuf deliver() {
        ByteBuf read = channel.alloc().directBuffer(Math.max(1, received.readableBytes()));
        read.writeBytes(received);
        received.clear();
        channel.writeInbound(read);
        channel.runPendingTasks();
        return read;
    }

    /** Hands it over in reads of so many bytes. */
    void deliverInPieces(int bytes) {
        while (received.isReadable()) {
            ByteBuf read = channel.alloc().directBuffer(bytes);
            read.writeBytes(received, Math.min(bytes, received.readableBytes()));
            channel.writeInbound(read);
        }
        received.clear();
        channel.runPendingTasks();
    }

    boolean isDropped() {
        return !channel.isOpen() && end instanceof ConnectionException;
    }

    @Override
    public void close() {
        sent();
        outbound.forEach(ByteBuf::release);
        channel.finishAndReleaseAll();
        received.release();
    }
}
