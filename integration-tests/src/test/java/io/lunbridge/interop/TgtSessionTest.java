package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.TestLoop;
import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.discovery.DiscoveryOutcome;
import io.lunbridge.iscsi.discovery.LunListing;
import io.lunbridge.iscsi.discovery.ReportLuns;
import io.lunbridge.iscsi.discovery.SendTargets;
import io.lunbridge.iscsi.disk.DiskException;
import io.lunbridge.iscsi.disk.DiskInfo;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.ConnectionException;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Discovery, opening and its failures on a real target. */
@NeedsTools("tgtd")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TgtSessionTest {

    private static final long SIZE_BYTES = 8 << 20;
    private static final int LIMIT_SECONDS = 20;

    private final TestLoop loop = TestLoop.nio();
    private final TgtTarget target = TgtTarget.start();
    private int lun;

    @BeforeAll
    void addLun() {
        lun = target.addThinLun(SIZE_BYTES);
    }

    @AfterAll
    void close() {
        target.close();
        loop.close();
    }

    @Test
    void findsTheTarget() {
        CompletableFuture<List<DiscoveredTarget>> outcome = new CompletableFuture<>();
        SessionConnector connector = new SessionConnector(loop.loop(), NioSocketChannel.class);
        SessionConfig config = SessionConfig.discovery(portal(target.port()), "iqn.2026-11.io.lunbridge:test");
        SendTargets.ask(connector, config, new DiscoveryOutcome() {
            @Override
            public void found(List<DiscoveredTarget> targets) {
                outcome.complete(targets);
            }

            @Override
            public void failed(IscsiException cause) {
                outcome.completeExceptionally(cause);
            }
        });
        assertThat(outcome.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join())
                .containsExactly(
                        new DiscoveredTarget(TgtTarget.IQN, List.of(new TargetAddress("127.0.0.1", target.port(), 1))));
        assertThat(target.sessionCount()).isZero();
    }

    @Test
    void listsTheLunsAndTellsWhatADiskIs() {
        Session session = ScsiDiskOnTgt.openSession(loop.loop(), ScsiDiskOnTgt.config(target));
        CompletableFuture<List<Lun>> outcome = new CompletableFuture<>();
        session.eventLoop()
                .execute(() -> ReportLuns.ask(session, new LunListing() {
                    @Override
                    public void listed(List<Lun> luns) {
                        outcome.complete(luns);
                    }

                    @Override
                    public void refused(String reason) {
                        outcome.completeExceptionally(new AssertionError(reason));
                    }

                    @Override
                    public void failed(IscsiException cause) {
                        outcome.completeExceptionally(cause);
                    }
                }));
        assertThat(outcome.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join()).contains(Lun.ofNumber(lun));

        DiskInfo info = ScsiDiskOnTgt.openDisk(session, Lun.ofNumber(lun)).info();
        assertThat(info.sizeBytes()).isEqualTo(SIZE_BYTES);
        assertThat(info.blockBytes()).isEqualTo(512);
        assertThat(info.identity().inquiry().product()).isEqualTo("VIRTUAL-DISK");
        assertThat(info.identity().serial()).isNotEmpty();
        assertThat(info.identity().worldWideName()).isPresent();
        assertThat(info.traits().provisioning().unmap()).isTrue();
        ScsiDiskOnTgt.close(session);
        assertThat(target.sessionCount()).isZero();
    }

    @Test
    void saysWhyALunCannotBeOpened() {
        Session session = ScsiDiskOnTgt.openSession(loop.loop(), ScsiDiskOnTgt.config(target));
        assertThatThrownBy(() -> ScsiDiskOnTgt.openDisk(session, Lun.ofNumber(77)))
                .hasRootCauseInstanceOf(DiskException.class)
                .hasMessageContaining("there is no LUN 77");
        assertThatThrownBy(() -> ScsiDiskOnTgt.openDisk(session, Lun.ofNumber(0)))
                .hasMessageContaining("LUN 0 is not a disk");
        ScsiDiskOnTgt.close(session);
    }

    @Test
    void saysWhyThereIsNoSession() {
        SessionConfig good = ScsiDiskOnTgt.config(target);
        LoginIdentity unknown = new LoginIdentity(
                "iqn.2026-11.io.lunbridge:test", "iqn.2026-11.io.lunbridge:nobody", SessionConfig.DEFAULT_ISID, 0, 0);
        SessionConfig unknownTarget = good.withLogin(LoginParameters.unauthenticated(unknown, KeyOffer.forSpeed()));
        expectFailure(unknownTarget, SessionException.Kind.TARGET_NOT_FOUND);

        SessionConfig nothingThere =
                SessionConfig.normal(portal(FreePort.next()), "iqn.2026-11.io.lunbridge:test", TgtTarget.IQN);
        expectFailure(nothingThere, SessionException.Kind.CONNECTION_REFUSED);

        SessionConfig noSuchHost = SessionConfig.normal(
                new TargetAddress("no-such-host.invalid", 3260, TargetAddress.NO_TAG),
                "iqn.2026-11.io.lunbridge:test",
                TgtTarget.IQN);
        expectFailure(noSuchHost, SessionException.Kind.UNKNOWN_HOST);
    }

    @Test
    void aTargetThatIsKilledEndsTheSessionAndFailsWhatIsAskedOfIt() {
        try (TgtTarget mortal = TgtTarget.start()) {
            Lun disk = Lun.ofNumber(mortal.addFileLun(SIZE_BYTES));
            Session session = ScsiDiskOnTgt.openSession(loop.loop(), ScsiDiskOnTgt.config(mortal));
            ScsiDisk opened = ScsiDiskOnTgt.openDisk(session, disk);
            CompletableFuture<IscsiException> end = new CompletableFuture<>();
            CompletableFuture<BlockError> read = new CompletableFuture<>();
            mortal.stop();
            session.eventLoop().execute(() -> {
                session.addListener(end::complete);
                opened.read(0, 512, new Completion() {
                    @Override
                    public void succeeded(ByteBuf data) {
                        data.release();
                    }

                    @Override
                    public void failed(BlockException cause) {
                        read.complete(cause.error());
                    }
                });
            });
            mortal.kill();
            assertThat(end.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join()).isInstanceOf(ConnectionException.class);
            assertThat(read.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join()).isEqualTo(BlockError.IO);
        }
    }

    private void expectFailure(SessionConfig config, SessionException.Kind kind) {
        assertThatThrownBy(() -> ScsiDiskOnTgt.openSession(loop.loop(), config))
                .cause()
                .isInstanceOfSatisfying(
                        SessionException.class,
                        cause -> assertThat(cause.kind()).as(cause.getMessage()).isEqualTo(kind));
    }

    private static TargetAddress portal(int port) {
        return new TargetAddress("127.0.0.1", port, TargetAddress.NO_TAG);
    }
}
