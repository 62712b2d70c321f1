package io.lunbridge.daemon;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.handshake.NbdServer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        return listen(new NbdServer(transport.serverTransport(), new ExportCatalog(export)), endpoint, export.name());
    }

    /** The same for a LUN with several lanes: a connection is served by the next lane in turn. */
    public static NbdService listen(Transport transport, NbdEndpoint endpoint, LaneService lun, String name)
            throws CommandException, InterruptedException {
        Map<EventLoop, ExportCatalog> catalogs = new LinkedHashMap<>();
        for (Export export : lun.exports(name)) {
            catalogs.put(export.device().eventLoop(), new ExportCatalog(export));
        }
        return listen(new NbdServer(transport.serverTransport(), catalogs, lun.gate()), endpoint, name);
    }

    private static NbdService listen(NbdServer server, NbdEndpoint endpoint, String name) throws CommandException {
        try {
            return new NbdService(server, endpoint.uri(name, bind(server, endpoint)));
        } catch (IOException e) {
            server.close(0).awaitUninterruptibly(MAX_DRAIN_MILLIS);
            throw ListenFailures.of(endpoint.toString(), e);
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
        closed.awaitUninterruptibly(MAX_DRAIN_MILLIS + 1000);
        if (!closed.isSuccess()) {
            Throwable cause = closed.cause();
            throw new CommandException(
                    ExitCode.FAILURE,
                    "could not end cleanly, so what was written since the last flush may be lost: "
                            + (cause == null ? "no answer in time" : cause.getMessage()));
        }
    }
}
