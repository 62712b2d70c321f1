package io.lunbridge.daemon;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.handshake.NbdServer;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An NBD server of one export. */
public final class NbdService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NbdService.class);

    /** For requests in flight and the last flush together, at the end. */
    private static final long MAX_DRAIN_MILLIS = 10_000;

    private final NbdServer server;
    private final String uri;

    private NbdService(NbdServer server, String uri) {
        this.server = server;
        this.uri = uri;
    }

    /** Listens. Blocking. */
    public static NbdService listen(Transport transport, NbdEndpoint endpoint, Export export) throws CommandException {
        NbdServer server = new NbdServer(transport.serverTransport(), new ExportCatalog(export));
        try {
            return new NbdService(server, endpoint.uri(export.name(), bind(server, endpoint)));
        } catch (IOException e) {
            server.close(0).awaitUninterruptibly(MAX_DRAIN_MILLIS);
            throw failure(endpoint, e);
        }
    }

    private static int bind(NbdServer server, NbdEndpoint endpoint) throws IOException {
        Path socket = endpoint.socket();
        HostPort address = endpoint.address();
        if (socket != null) {
            server.listenUnix(socket);
        } else if (address != null) {
            InetSocketAddress bound = server.listenTcp(address.resolve());
            return bound.getPort();
        }
        return 0;
    }

    private static CommandException failure(NbdEndpoint endpoint, IOException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String reason = String.valueOf(cause.getMessage());
        String what = "cannot listen on " + endpoint + ": ";
        if (cause instanceof BindException || reason.contains("in use")) {
            boolean mine = !reason.contains("in use");
            return new CommandException(
                    mine ? ExitCode.FAILURE : ExitCode.BUSY,
                    what + (mine ? "this machine has no such address" : "it is in use; choose another port"),
                    e);
        }
        boolean denied = cause instanceof AccessDeniedException || reason.contains("denied");
        return new CommandException(
                denied ? ExitCode.NOT_PERMITTED : ExitCode.FAILURE, what + reason + "; choose another place", e);
    }

    /** What clients connect to. */
    public String uri() {
        return uri;
    }

    /**
     * Accepts nobody any more, lets requests end, flushes. Bounded.
     *
     * @throws CommandException if what clients wrote may not be on the medium
     */
    @Override
    public void close() throws CommandException {
        LOG.info("no longer accepting; ending what is in flight");
        Future<Void> closed = server.close(MAX_DRAIN_MILLIS);
        closed.awaitUninterruptibly(2 * MAX_DRAIN_MILLIS);
        if (!closed.isSuccess()) {
            Throwable cause = closed.cause();
            throw new CommandException(
                    ExitCode.FAILURE,
                    "could not end cleanly, so what was written since the last flush may be lost: "
                            + (cause == null ? "no answer in time" : cause.getMessage()));
        }
    }
}
