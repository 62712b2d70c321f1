package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.LoginRequest;
import io.lunbridge.iscsi.pdu.LogoutReason;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.PduReader;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.RequestHeader;
import io.lunbridge.iscsi.pdu.RequestListener;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.SnackRequest;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of an initiator: logs it in, then hands its requests on. What breaks the protocol closes it. */
final class TargetConnection extends ChannelInboundHandlerAdapter implements RequestListener {

    private static final Logger LOG = LoggerFactory.getLogger(TargetConnection.class);
    private static final int LOGIN_SECONDS = 30;
    private static final int PORTAL_GROUP_TAG = 1;

    private final RamTarget target;
    private final Channel channel;
    private final PduReader reader;
    private final PduWriter writer;
    private final Responses responses;
    private final TargetLogin login;

    /** What exists from the Full Feature Phase on. */
    private @Nullable TargetSession session;

    TargetConnection(RamTarget target, Channel channel, int tsih) {
        this.target = target;
        this.channel = channel;
        reader = PduReader.ofRequests(this, TargetLogin.MAX_DATA_SEGMENT_BYTES);
        writer = new PduWriter(channel);
        responses = new Responses(writer);
        login = new TargetLogin(target.name(), target.offer(), tsih, responses);
    }

    /** Null before the login is through. */
    @Nullable
    TargetSession session() {
        return session;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var unused = channel.eventLoop().schedule(this::closeUnlessLoggedIn, LOGIN_SECONDS, TimeUnit.SECONDS);
    }

    private void closeUnlessLoggedIn() {
        if (session == null) {
            close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            reader.read((ByteBuf) message);
        } catch (PduException e) {
            LOG.debug("{}: {}", channel.remoteAddress(), e.getMessage());
            close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        channel.config().setAutoRead(channel.isWritable());
        TargetSession now = session;
        if (now != null) {
            now.pump();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        reader.close();
        writer.close();
        TargetSession now = session;
        if (now != null) {
            now.tasks().abort(tag -> true);
        }
        target.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{}", channel.remoteAddress(), cause);
        close();
    }

    /** Takes nothing more, sends what the socket takes at once, and closes: a peer that does not read cannot hold it. */
    void close() {
        reader.close();
        writer.flush();
        var unused = channel.close();
    }

    @Override
    public void onLoginRequest(LoginRequest header, ByteBuf data) throws PduException {
        if (session != null) {
            throw protocolError("a login after the login");
        }
        switch (login.receive(header, data)) {
            case GOES_ON -> {}
            case REFUSED -> close();
            case LOGGED_IN -> loggedIn(login.nexus());
        }
    }

    private void loggedIn(TargetLogin.Nexus nexus) {
        var keys = nexus.keys();
        reader.maxDataSegmentBytes(keys.lengths().maxRecvBytes());
        reader.digests(keys.digests().header(), keys.digests().data());
        writer.digests(keys.digests().header(), keys.digests().data());
        InetSocketAddress local = channel.localAddress() instanceof InetSocketAddress own ? own : target.address();
        String address =
                new TargetAddress(local.getAddress().getHostAddress(), local.getPort(), PORTAL_GROUP_TAG).toString();
        TextAnswers text =
                new TextAnswers(target.name(), address, keys.lengths().maxSendBytes());
        target.reinstate(nexus);
        session = new TargetSession(target, nexus, channel, responses, text);
        LOG.debug("{} logged in as {}", channel.remoteAddress(), nexus.initiator());
    }

    @Override
    public void onScsiCommand(ScsiCommand header) throws PduException {
        TargetSession now = fullFeatures();
        if (!accept(header)) {
            now.tasks().ignore();
        } else if (now.nexus().discovery()) {
            now.tasks().ignore();
            responses.reject(RejectReason.COMMAND_NOT_SUPPORTED, header);
        } else {
            now.tasks().command(header);
        }
    }

    @Override
    public void onDataOut(DataOut header) throws PduException {
        fullFeatures().tasks().data(header);
    }

    @Override
    public void onPayload(ByteBuf piece) {
        TargetSession now = session;
        if (now == null) {
            piece.release();
        } else {
            now.tasks().payload(piece);
        }
    }

    @Override
    public void onPayloadEnd(boolean digestOk) throws PduException {
        fullFeatures().tasks().payloadEnd(digestOk);
    }

    @Override
    public void onNopOut(NopOut header, ByteBuf data) throws PduException {
        TargetSession now = fullFeatures();
        if (accept(header)) {
            now.ping(header, data);
        }
    }

    @Override
    public void onTaskManagementRequest(TaskManagementRequest header) throws PduException {
        TargetSession now = fullFeatures();
        if (accept(header)) {
            now.manage(header);
            if (header.function() == TaskFunction.TARGET_COLD_RESET) {
                target.closeConnections();
            }
        }
    }

    @Override
    public void onTextRequest(TextRequest header, ByteBuf data) throws PduException {
        TargetSession now = fullFeatures();
        if (accept(header)) {
            now.text().receive(header, data, responses);
        }
    }

    @Override
    public void onLogoutRequest(LogoutRequest header) throws PduException {
        fullFeatures();
        if (!accept(header)) {
            return;
        }
        if (header.reason() == LogoutReason.REMOVE_CONNECTION_FOR_RECOVERY) {
            responses.logout(header.initiatorTaskTag(), LogoutResponse.RECOVERY_NOT_SUPPORTED);
        } else {
            responses.logout(header.initiatorTaskTag(), LogoutResponse.CLOSED);
            close();
        }
    }

    @Override
    public void onSnackRequest(SnackRequest header) throws PduException {
        fullFeatures();
        responses.reject(RejectReason.COMMAND_NOT_SUPPORTED, header);
    }

    /** A gap in CmdSN can only be a fault where a session has one connection; anything else out of order is ignored. */
    private boolean accept(RequestHeader<?> header) throws PduException {
        if (!header.immediate() && responses.isGap(header.cmdSn())) {
            throw protocolError("CmdSN leaves a gap");
        }
        return responses.accept(header.cmdSn(), header.immediate());
    }

    private TargetSession fullFeatures() throws PduException {
        TargetSession now = session;
        if (now == null) {
            throw protocolError("a request before the login");
        }
        return now;
    }

    private static PduException protocolError(String message) {
        return new PduException(PduException.Cause.PROTOCOL, message);
    }
}
