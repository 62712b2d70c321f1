package io.lunbridge.iscsi.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.pdu.LoginStatus;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.SnackRequest;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The target through its connections: our login machine, then requests by hand. */
class RamTargetTest {

    private static final String NAME = "iqn.2026-11.io.lunbridge:ram";
    private static final byte[] NOTHING = {};

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private RamTarget target = start();
    private TestInitiator initiator = new TestInitiator(target);

    private RamTarget start() {
        try {
            return RamTarget.start(
                    group,
                    NioServerSocketChannel.class,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    RamTargetOptions.oneDisk(NAME, 8 << 20));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void logIn() throws PduException {
        assertThat(initiator.logIn(NAME, KeyOffer.forSpeed())).isInstanceOf(LoginOutcome.LoggedIn.class);
    }

    @AfterEach
    void stop() {
        initiator.close();
        target.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void again() {
        initiator.close();
        initiator = new TestInitiator(target);
    }

    @Test
    void theFirstCommandFindsAUnitAttention() throws PduException {
        initiator.command(0, 0, 0, NOTHING);
        initiator.command(0, 0, 0, NOTHING);
        assertThat(initiator.heard).containsExactly("status 2 6/2900", "status 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "CRC32C"})
    void whatIsWrittenIsRead(String digest) throws PduException {
        again();
        KeyOffer offer = KeyOffer.forSpeed()
                .with(Key.HEADER_DIGEST, digest)
                .with(Key.DATA_DIGEST, digest)
                .with(Key.MAX_BURST_LENGTH, 300_000)
                .with(Key.MAX_OUTSTANDING_R2T, 2);
        assertThat(initiator.logIn(NAME, offer)).isInstanceOf(LoginOutcome.LoggedIn.class);
        initiator.command(0, 0, 0, NOTHING);
        byte[] data = new byte[1 << 20];
        new Random(6).nextBytes(data);
        initiator.heard.clear();
        initiator.command(0x2a00_0000_0003_0008L, 0, data.length, data);
        assertThat(initiator.heard)
                .containsExactly(
                        "R2T 0-300000", "R2T 300000-600000", "R2T 600000-900000", "R2T 900000-1048576", "status 0");
        initiator.heard.clear();
        initiator.command(0x2800_0000_0003_0008L, 0, data.length, NOTHING);
        assertThat(initiator.heard).containsExactly("status 0 with data");
        assertThat(ByteBufUtil.getBytes(initiator.read)).isEqualTo(data);
    }

    @Test
    void badCommandsGetSense() throws PduException {
        initiator.command(0, 0, 0, NOTHING);
        initiator.heard.clear();
        initiator.command(0x2800_0000_3fff_0000L, 2L << 56, 1024, NOTHING);
        initiator.command(0x8800_8000_0000_0000L, 1L << 16, 512, NOTHING);
        initiator.command(0xff00_0000_0000_0000L, 0, 0, NOTHING);
        initiator.command(0x1201_7700_ff00_0000L, 0, 255, NOTHING);
        initiator.command(0x4200_0000_0000_0000L, 4L << 56, 4, new byte[4]);
        assertThat(initiator.heard)
                .containsExactly(
                        "status 2 5/2100", "status 2 5/2100", "status 2 5/2000", "status 2 5/2400", "status 2 5/1a00");
    }

    @Test
    void aDiscoverySessionTellsTheTarget() throws PduException {
        again();
        assertThat(initiator.logIn(null, KeyOffer.forDiscovery())).isInstanceOf(LoginOutcome.LoggedIn.class);
        initiator.next(new TextRequest()).cmdSn(initiator.takeCmdSn());
        initiator.finish("SendTargets=All\0");
        assertThat(initiator.heard)
                .singleElement()
                .asString()
                .startsWith("TargetName=" + NAME + " TargetAddress=127.0.0.1:")
                .endsWith(",1");
    }

    @Test
    void anUnknownTargetIsNotFound() throws PduException {
        again();
        assertThat(initiator.logIn("iqn.other", KeyOffer.forSpeed()))
                .isEqualTo(new LoginOutcome.Refused(LoginStatus.NOT_FOUND, 0x0203));
        assertThat(initiator.target.isOpen()).isFalse();
    }

    @Test
    void pingManagementAndLogout() throws PduException {
        initiator.next(new NopOut()).immediate(true);
        initiator.finish("hello");
        initiator
                .next(new TaskManagementRequest())
                .immediate(true)
                .function(TaskFunction.ABORT_TASK)
                .referencedTaskTag(99);
        initiator.finish("");
        initiator.next(new TaskManagementRequest()).immediate(true).function(TaskFunction.TARGET_WARM_RESET);
        initiator.finish("");
        initiator
                .next(new TaskManagementRequest())
                .immediate(true)
                .function(TaskFunction.LOGICAL_UNIT_RESET)
                .lun(5L << 48);
        initiator.finish("");
        initiator.next(new SnackRequest());
        initiator.finish("");
        initiator.next(new LogoutRequest()).immediate(true);
        initiator.finish("");
        assertThat(initiator.heard)
                .containsExactly("NOP-In hello", "TMF 1", "TMF 0", "TMF 2", "reject COMMAND_NOT_SUPPORTED", "logout 0");
        assertThat(initiator.target.isOpen()).isFalse();
    }

    /** Seeded nonsense behind a login: the connection ends, or goes on; nothing else happens and nothing is left. */
    @Test
    void nonsenseCostsAtMostTheConnection() throws PduException {
        Random random = new Random(7);
        int closed = 0;
        for (int n = 0; n < 1500; n++) {
            again();
            initiator.logIn(NAME, KeyOffer.forSpeed());
            byte[] wire = new byte[48 * (1 + random.nextInt(6))];
            random.nextBytes(wire);
            for (int at = 0; at < wire.length; at += 48) {
                wire[at] = (byte) (List.of(0, 1, 2, 4, 5, 6, 16).get(random.nextInt(7)) | 0x40);
                wire[at + 4] = 0;
                wire[at + 5] = 0;
                wire[at + 6] = 0;
                wire[at + 7] = (byte) (random.nextInt(3) == 0 ? random.nextInt(64) : 0);
            }
            initiator.target.writeInbound(Unpooled.wrappedBuffer(wire));
            initiator.target.checkException();
            initiator.exchange();
            closed += initiator.target.isOpen() ? 0 : 1;
        }
        assertThat(closed).isBetween(100, 1500);
    }
}
