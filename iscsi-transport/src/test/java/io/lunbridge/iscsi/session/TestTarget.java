package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.ResponseHeader;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A session in full feature phase on an embedded channel, whose other end the test plays PDU by PDU. */
public final class TestTarget implements AutoCloseable {

    static final int FIRST_CMD_SN = 1;
    static final int FIRST_STAT_SN = 500;
    static final int MAX_SEND_BYTES = 1024;
    static final int MAX_RECEIVE_BYTES = 4096;

    /** Two bursts. */
    static final int WRITE_BYTES = 2 * MAX_SEND_BYTES;

    /** One PDU that the session has sent; {@code data} is the sent memory itself. */
    public record Sent(ByteBuf header, ByteBuf data) {

        public <S extends BasicHeader<S>> S as(S view) {
            return view.wrap(header, 0);
        }
    }

    public final EmbeddedChannel channel = new NarrowChannel();
    public final Session session;
    public int statSn = FIRST_STAT_SN;
    public int expCmdSn = FIRST_CMD_SN;
    public int maxCmdSn;

    @Nullable
    IscsiException end;

    private final Connection connection;
    private final NegotiatedKeys.Digests digests;
    private final List<ByteBuf> outbound = new ArrayList<>();
    private final ByteBuf received = Unpooled.buffer();

    /**
     * A session whose window and whose own depth are as given; it may send immediate data.
     *
     * @param initialR2T whether everything else waits for an R2T
     */
    public TestTarget(int queueDepth, int windowCommands, boolean initialR2T) {
        this(
                queueDepth,
                windowCommands,
                keys(
                        new NegotiatedKeys.Flow(initialR2T, true, true, true, 1),
                        new NegotiatedKeys.Digests(false, false)));
    }

    /** A session that has agreed on {@code keys}. */
    TestTarget(int queueDepth, int windowCommands, NegotiatedKeys keys) {
        this(config().withQueueDepth(queueDepth), windowCommands, keys);
    }

    /** The session that a login with {@code config} leads to; it may send immediate and unsolicited data. */
    public TestTarget(SessionConfig config, int windowCommands) {
        this(
                config,
                windowCommands,
                keys(new NegotiatedKeys.Flow(false, true, true, true, 1), new NegotiatedKeys.Digests(false, false)));
    }

    /** With eight commands and R2Ts for everything. */
    TestTarget(Timeouts timeouts) {
        this(
                config().withQueueDepth(8).withTimeouts(timeouts),
                8,
                keys(new NegotiatedKeys.Flow(true, false, true, true, 1), new NegotiatedKeys.Digests(false, false)));
    }

    private TestTarget(SessionConfig config, int windowCommands, NegotiatedKeys keys) {
        digests = keys.digests();
        channel.freezeTime();
        maxCmdSn = FIRST_CMD_SN + windowCommands - 1;
        connection = new Connection(channel, new LoginOwner(), MAX_RECEIVE_BYTES);
        channel.pipeline().addLast(connection);
        connection.transition(ConnectionState.IN_LOGIN);
        FullFeature fullFeature =
                new FullFeature(7, new LoginOutcome.Sequence(FIRST_CMD_SN, maxCmdSn, FIRST_STAT_SN), keys);
        session = new Session(config, connection, fullFeature);
        session.start();
        session.addListener(cause -> end = cause);
    }

    /** A target and an initiator that do not exist. */
    public static SessionConfig config() {
        return SessionConfig.normal(
                new TargetAddress("192.0.2.1", 3260, 1), "iqn.2026-11.test:i", "iqn.2026-11.test:t");
    }

    /** Why there is no session. */
    public static SessionException failure(SessionException.Kind kind, String message) {
        return new SessionException(kind, message);
    }

    /** Ends the session as a broken connection does, after which the target wants so many seconds of rest. */
    public void lose(int reconnectAfterSeconds) {
        connection.drop(ConnectionException.byTarget("lost by the test", reconnectAfterSeconds));
    }

    /** Ends the session as we do when the target is silent or sends what is damaged. */
    public void giveUp() {
        connection.drop(new ConnectionException("given up by the test"));
    }

    /** Lengths and recovery as all tests here have them. */
    static NegotiatedKeys keys(NegotiatedKeys.Flow flow, NegotiatedKeys.Digests digests) {
        return new NegotiatedKeys(
                new NegotiatedKeys.Lengths(MAX_RECEIVE_BYTES, MAX_SEND_BYTES, 1 << 20, 2 * MAX_SEND_BYTES),
                flow,
                digests,
                new NegotiatedKeys.Recovery(0, 2, 20, 1),
                false);
    }

    /** How many more writes the channel takes; the rest waits within it. */
    int takesWrites = Integer.MAX_VALUE;

    private final class NarrowChannel extends EmbeddedChannel {

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            for (Object written = in.current(); written != null && takesWrites > 0; written = in.current()) {
                takesWrites--;
                ReferenceCountUtil.retain(written);
                handleOutboundMessage(written);
                in.remove();
            }
        }
    }

    /** Nobody owns the connection before the session does. */
    static final class LoginOwner implements ConnectionOwner {
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
            checkDigest(digests.header(), all, header);
            pdus.add(new Sent(header, all.readSlice(length)));
            all.skipBytes(-length & 3);
            int padded = length + (-length & 3);
            checkDigest(digests.data() && length > 0, all, all.slice(all.readerIndex() - padded, padded));
        }
        return pdus;
    }

    private static void checkDigest(boolean there, ByteBuf all, ByteBuf covered) {
        if (there && all.readIntLE() != crc(covered)) {
            throw new AssertionError("the session sent a wrong digest");
        }
    }

    private static int crc(ByteBuf covered) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBufUtil.getBytes(covered));
        return (int) crc.getValue();
    }

    /** Damages the data digest of the PDU that was added last. */
    TestTarget damageLastDigest() {
        received.setByte(received.writerIndex() - 1, received.getByte(received.writerIndex() - 1) ^ 1);
        return this;
    }

    /** Changes the padding, which comes after {@code dataBytes} of data and before a digest, of what was added last. */
    TestTarget damagePadding(int dataBytes) {
        received.setByte(received.writerIndex() - 4 - (-dataBytes & 3), 0x5a);
        return this;
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
        if (digests.header()) {
            received.writeIntLE(crc(received.slice(at, BasicHeader.LENGTH_BYTES)));
        }
        int dataAt = received.writerIndex();
        received.writeBytes(data, data.readerIndex(), data.readableBytes());
        received.writeZero(-data.readableBytes() & 3);
        if (digests.data() && data.isReadable()) {
            received.writeIntLE(crc(received.slice(dataAt, received.writerIndex() - dataAt)));
        }
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
        while (received.isReadable() && channel.isOpen()) {
            ByteBuf read = channel.alloc().directBuffer(bytes);
            read.writeBytes(received, Math.min(bytes, received.readableBytes()));
            channel.writeInbound(read);
        }
        received.clear();
        channel.runPendingTasks();
    }

    /** A command without data. */
    TestTask submit(int lun) {
        TestTask task = new TestTask();
        task.cdb().testUnitReady();
        task.noData(Lun.ofNumber(lun));
        session.submit(task);
        return task;
    }

    /** A write of {@link #WRITE_BYTES}. */
    TestTask write(int lun) {
        TestTask task = new TestTask();
        task.write(Lun.ofNumber(lun), Unpooled.wrappedBuffer(new byte[WRITE_BYTES]));
        session.submit(task);
        return task;
    }

    /** Asks for the next half of the data. */
    void readyToTransfer(TestTask task, int burst) {
        add(
                        new ReadyToTransfer(),
                        header -> header.lun(task.lunBytes())
                                .initiatorTaskTag(task.initiatorTaskTag())
                                .targetTransferTag(burst + 1)
                                .r2tSn(burst)
                                .bufferOffset(burst * MAX_SEND_BYTES)
                                .desiredDataTransferLength(MAX_SEND_BYTES))
                .deliver();
    }

    /** Lets time pass in which the target says nothing. */
    void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    /** Lets time pass in which the target shows that it lives, and no more. */
    void liveSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            add(new NopIn(), header -> {}).deliver();
            passSeconds(1);
        }
    }

    /** Answers the task with good status. */
    void good(TestTask task) {
        status(new ScsiResponse(), task.initiatorTaskTag());
    }

    /** Delivers an answer to that tag, which uses a StatSN up. */
    <S extends ResponseHeader<S>> void status(S view, int initiatorTaskTag) {
        status(view, initiatorTaskTag, header -> {});
    }

    <S extends ResponseHeader<S>> void status(S view, int initiatorTaskTag, Consumer<S> fill) {
        add(view, header -> fill.accept(header.initiatorTaskTag(initiatorTaskTag)))
                .deliver();
        statSn++;
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
