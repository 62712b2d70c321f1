package io.lunbridge.interop;

import io.lunbridge.iscsi.disk.DiskException;
import io.lunbridge.iscsi.disk.DiskOpening;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.scsi.Lun;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sessions and disks on a real target, for tests that may wait. */
final class ScsiDiskOnTgt {

    private static final int LIMIT_SECONDS = 20;

    private ScsiDiskOnTgt() {}

    static SessionConfig config(TgtTarget target) {
        TargetAddress portal = new TargetAddress("127.0.0.1", target.port(), TargetAddress.NO_TAG);
        return SessionConfig.normal(portal, "iqn.2026-11.io.lunbridge:test", TgtTarget.IQN);
    }

    static Session openSession(EventLoop loop, SessionConfig config) {
        CompletableFuture<Session> outcome = new CompletableFuture<>();
        new SessionConnector(loop, NioSocketChannel.class).open(config, new SessionOpening() {
            @Override
            public void opened(Session session) {
                outcome.complete(session);
            }

            @Override
            public void failed(SessionException cause) {
                outcome.completeExceptionally(cause);
            }
        });
        return outcome.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    static ScsiDisk openDisk(Session session, Lun lun) {
        CompletableFuture<ScsiDisk> outcome = new CompletableFuture<>();
        session.eventLoop()
                .execute(() -> ScsiDisk.open(session, lun, new DiskOpening() {
                    @Override
                    public void opened(ScsiDisk disk) {
                        outcome.complete(disk);
                    }

                    @Override
                    public void failed(DiskException cause) {
                        outcome.completeExceptionally(cause);
                    }
                }));
        return outcome.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    static void close(Session session) {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        session.eventLoop().execute(() -> session.close(() -> closed.complete(true)));
        closed.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
}
