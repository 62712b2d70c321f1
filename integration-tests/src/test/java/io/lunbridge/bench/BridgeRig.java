package io.lunbridge.bench;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.DiskService;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.NbdEndpoint;
import io.lunbridge.daemon.NbdService;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.daemon.TargetService;
import io.lunbridge.daemon.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;

/**
 * The whole bridge in this process, put together as {@code lunbridge serve} does it: NBD socket, device stack, session.
 * The target has a loop, and so a thread, of its own.
 */
final class BridgeRig implements AutoCloseable {

    static final long DISK_BYTES = 64L << 20;

    private static final String IQN = "iqn.2026-11.io.lunbridge:bench";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Transport transport;
    private final Path socket;

    /** Serves a disk in memory. */
    static BridgeRig inMemory(SessionSettings settings) throws CommandException, IOException, InterruptedException {
        BridgeRig rig = new BridgeRig();
        try {
            Transport targets = rig.keep(Transport.open());
            TargetService target =
                    rig.keep(TargetService.start(targets, new HostPort("127.0.0.1", 0), IQN, DISK_BYTES));
            rig.serve(target.url(), settings);
            return rig;
        } catch (CommandException | InterruptedException | RuntimeException e) {
            rig.close();
            throw e;
        }
    }

    private BridgeRig() throws IOException {
        Path directory = Files.createTempDirectory("lunbridge-bench-");
        keep(() -> Files.delete(directory));
        socket = directory.resolve("nbd.sock");
        transport = keep(Transport.open());
    }

    private void serve(String url, SessionSettings settings) throws CommandException, InterruptedException {
        DiskRequest request = DiskRequest.whole(LunUrl.parse(url), false);
        DiskService disk = keep(DiskService.open(transport, request, settings));
        keep(NbdService.listen(transport, new NbdEndpoint(socket, null), disk.export("")));
    }

    Path socket() {
        return socket;
    }

    /** The thread that all requests pass through. */
    long loopThreadId() throws InterruptedException, ExecutionException {
        return transport
                .eventLoop()
                .submit(() -> Thread.currentThread().getId())
                .get();
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    /** Closes the latest first. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
