package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.login.InitiatorLogin;
import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.PduReader;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.ResponseListener;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An initiator of a few lines, bound to a target's connection without a socket. Notes what it is told. */
final class TestInitiator implements ResponseListener, AutoCloseable {

    final EmbeddedChannel target;
    final List<String> heard = new ArrayList<>();
    final ByteBuf read = Unpooled.buffer();
    private final EmbeddedChannel own = new EmbeddedChannel();
    private final PduWriter writer = new PduWriter(own);
    private final PduReader reader = PduReader.ofResponses(this, 1 << 20);
    private byte[] written = {};
    private @Nullable InitiatorLogin login;
    private @Nullable LoginOutcome outcome;
    private int cmdSn = 1;

    TestInitiator(RamTarget target) {
        this.target = new EmbeddedChannel();
        this.target.pipeline().addLast(new TargetConnection(target, this.target, 77));
    }

    LoginOutcome logIn(@Nullable String targetName, KeyOffer offer) throws PduException {
        InitiatorLogin begun = new InitiatorLogin(LoginParameters.unauthenticated(
                new LoginIdentity("iqn.2026-11.io.lunbridge:test", targetName, 0x8000_0000_0001L, 0, 0), offer));
        login = begun;
        begun.start(writer);
        exchange();
        LoginOutcome now = outcome;
        if (now instanceof LoginOutcome.LoggedIn in) {
            NegotiatedKeys.Digests digests = in.keys().digests();
            reader.digests(digests.header(), digests.data());
            writer.digests(digests.header(), digests.data());
        }
        return now == null ? begun.timedOut() : now;
    }

    /** Sends a command; {@code data} is written as far as it is asked for. */
    void command(long cdbHigh, long cdbLow, int expectedBytes, byte[] data) throws PduException {
        written = data;
        writer.next(new ScsiCommand())
                .readBit(data.length == 0 && expectedBytes > 0)
                .writeBit(data.length > 0)
                .initiatorTaskTag(cmdSn)
                .expectedDataTransferLength(expectedBytes)
                .cmdSn(cmdSn++)
                .cdb(cdbHigh, cdbLow);
        writer.finish();
        exchange();
    }

    /** Begins a request of the next CmdSN. */
    <S extends BasicHeader<S>> S next(S view) {
        return writer.next(view).initiatorTaskTag(cmdSn);
    }

    int takeCmdSn() {
        return cmdSn++;
    }

    void finish(String text) throws PduException {
        writer.finish(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        exchange();
    }

    /** Moves bytes to and fro until both sides are silent. */
    void exchange() throws PduException {
        boolean moved = true;
        while (moved) {
            moved = false;
            own.runPendingTasks();
            for (ByteBuf part = own.readOutbound(); part != null; part = own.readOutbound()) {
                target.writeInbound(part);
                moved = true;
            }
            target.runPendingTasks();
            for (ByteBuf part = target.readOutbound(); part != null; part = target.readOutbound()) {
                reader.read(part);
                moved = true;
            }
        }
    }

    @Override
    public void onLoginResponse(LoginResponse header, ByteBuf data) {
        if (login != null) {
            outcome = login.receive(header, data, writer);
        }
    }

    @Override
    public void onReadyToTransfer(ReadyToTransfer header) {
        int at = header.bufferOffset();
        int end = at + header.desiredDataTransferLength();
        heard.add("R2T " + at + "-" + end);
        for (int sn = 0; at < end; sn++) {
            int n = Math.min(end - at, 65536);
            writer.next(new DataOut())
                    .finalBit(at + n == end)
                    .lun(header.lun())
                    .initiatorTaskTag(header.initiatorTaskTag())
                    .targetTransferTag(header.targetTransferTag())
                    .dataSn(sn)
                    .bufferOffset(at);
            writer.finish(Unpooled.wrappedBuffer(written, at, n));
            at += n;
        }
    }

    @Override
    public void onScsiResponse(ScsiResponse header, ByteBuf data) {
        String sense = data.readableBytes() < 16 ? "" : String.format(" %x/%04x", data.getByte(4), data.getShort(14));
        heard.add("status " + header.status() + sense);
    }

    @Override
    public void onDataIn(DataIn header) {
        if (header.statusBit()) {
            heard.add("status " + header.status() + " with data");
        }
    }

    @Override
    public void onDataInPayload(ByteBuf piece) {
        read.writeBytes(piece);
        piece.release();
    }

    @Override
    public void onDataInEnd(boolean digestOk) {
        if (!digestOk) {
            heard.add("data digest wrong");
        }
    }

    @Override
    public void onNopIn(NopIn header, ByteBuf data) {
        heard.add("NOP-In " + data.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onTaskManagementResponse(TaskManagementResponse header) {
        heard.add("TMF " + header.response());
    }

    @Override
    public void onTextResponse(TextResponse header, ByteBuf data) {
        heard.add(data.toString(StandardCharsets.UTF_8).replace('\0', ' ').strip());
    }

    @Override
    public void onLogoutResponse(LogoutResponse header) {
        heard.add("logout " + header.response());
    }

    @Override
    public void onAsyncMessage(AsyncMessage header, ByteBuf data) {
        heard.add("async " + header.event());
    }

    @Override
    public void onReject(Reject header, ByteBuf data) {
        heard.add("reject " + header.reason());
    }

    @Override
    public void close() {
        reader.close();
        writer.close();
        own.finishAndReleaseAll();
        target.finishAndReleaseAll();
    }
}
