package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.pdu.PduCounts;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.PduReader;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection: its state, its StatSN, its reader and writer. What its PDUs mean is the business of {@link
 * ResponseDispatcher}.
 *
 * <p>It dies by {@link #drop} alone, whoever notices first that it must. A lost one is closed without lingering before the
 * owner learns of it: from then on no byte of an old write can overtake a repeated one.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Channel channel;
    private final ResponseDispatcher dispatcher;
    private final PduReader reader;
    private final PduWriter writer;

    private ConnectionOwner owner;
    private ConnectionState state = ConnectionState.XPT_WAIT;
    private int expStatSn;
    private int inboundReads;
    private boolean dropped;

    Connection(Channel channel, ConnectionOwner owner, int maxReceiveSegmentBytes) {
        this.channel = channel;
        this.owner = owner;
        dispatcher = new ResponseDispatcher(this);
        reader = PduReader.ofResponses(dispatcher, maxReceiveSegmentBytes);
        writer = new PduWriter(channel);
    }

    Channel channel() {
        return channel;
    }

    PduWriter writer() {
        return writer;
    }

    PduCounts sentCounts() {
        return writer.counts();
    }

    PduCounts receivedCounts() {
        return reader.counts();
    }

    ConnectionOwner owner() {
        return owner;
    }

    ConnectionState state() {
        return state;
    }

    void transition(ConnectionState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("connection cannot go from " + state + " to " + next);
        }
        LOG.debug("{} {} -> {}", channel, state, next);
        state = next;
    }

    /** How many reads brought bytes: a life sign that needs no clock. Wraps. */
    int inboundReads() {
        return inboundReads;
    }

    /** Bytes that the target has not taken yet. */
    long pendingBytes() {
        ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }

    /** Bytes that have left the process so far, or somewhat less: what is pending counts with its overhead. */
    long sentBytes() {
        return writer.writtenBytes() - pendingBytes();
    }

    /** What every request tells the target: all answers below this have arrived. */
    int expStatSn() {
        return expStatSn;
    }

    /** Begins the full feature phase: from here on the session owns the connection. */
    void fullFeature(Session session, ConnectionOwner sessionOwner) {
        NegotiatedKeys keys = session.fullFeature().keys();
        expStatSn = session.fullFeature().sequence().expStatSn();
        reader.maxDataSegmentBytes(keys.lengths().maxRecvBytes());
        reader.digests(keys.digests().header(), keys.digests().data());
        writer.digests(keys.digests().header(), keys.digests().data());
        owner = sessionOwner;
        dispatcher.session(session);
        transition(ConnectionState.LOGGED_IN);
    }

    /** Counts an answer. Without recovery within a connection a gap cannot be filled, so it ends it. */
    void acceptStatSn(int statSn) throws PduException {
        if (statSn != expStatSn) {
            throw new PduException(
                    PduException.Cause.PROTOCOL,
                    "StatSN " + Integer.toUnsignedString(statSn) + " where " + Integer.toUnsignedString(expStatSn)
                            + " was due");
        }
        expStatSn++;
    }

    /** Closes hard, whatever the state, then tells the owner. Only the first call counts. */
    void drop(IscsiException cause) {
        end(cause, !(cause instanceof SessionException));
    }

    /** Closes after the target's last word, a Logout Response, then tells the owner. */
    void loggedOut(IscsiException cause) {
        end(cause, false);
    }

    private void end(IscsiException cause, boolean hard) {
        if (dropped) {
            return;
        }
        dropped = true;
        reader.close();
        writer.close();
        if (hard) {
            doNotLinger();
        }
        var unused = channel.close();
        if (state.isFullFeature() && hard) {
            transition(ConnectionState.CLEANUP_WAIT);
        }
        owner.lost(cause);
        transition(ConnectionState.FREE);
    }

    /** What waits in the system's send buffer is not to be sent any more. */
    private void doNotLinger() {
        try {
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } catch (ChannelException e) {
            LOG.debug("{} is closed already", channel, e);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        transition(ConnectionState.IN_LOGIN);
        owner.connected();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inboundReads++;
        try {
            reader.read((ByteBuf) message);
            owner.readDone();
        } catch (PduException e) {
            drop(new ConnectionException("the target broke the protocol: " + e.getMessage()));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop(ConnectionException.byTarget("the target closed the connection", ConnectionException.DEFAULT_TIME2WAIT));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("bug on {}, dropping the connection", channel, cause);
        }
        String what = cause.getMessage() == null ? "it is closed" : cause.getMessage();
        drop(ConnectionException.byTarget("the connection broke: " + what, ConnectionException.DEFAULT_TIME2WAIT));
    }
}
