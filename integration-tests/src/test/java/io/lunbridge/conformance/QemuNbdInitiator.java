package io.lunbridge.conformance;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.interop.BackgroundProcess;
import io.lunbridge.interop.Waiting;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.ChapDialogue;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.VirtualDisk;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.opentest4j.TestAbortedException;

/** QEMU's block layer on libiscsi: the program {@code qemu-nbd} serves the target's disk, an NBD client of ours uses it. */
final class QemuNbdInitiator implements Initiator {

    private static final String USER = ",file.user=" + ChapDialogue.USER + ",file.password-secret=s0";
    private static final long POLL_NANOS = 20_000_000;
    private static final Duration END_LIMIT = Duration.ofSeconds(3);

    private final Path directory;
    private final BackgroundProcess server;
    private final PipelinedNbd client;

    private QemuNbdInitiator(Path directory, BackgroundProcess server, PipelinedNbd client) {
        this.directory = directory;
        this.server = server;
        this.client = client;
    }

    static QemuNbdInitiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
        List<String> credentials = credentials(change);
        Path directory = Files.createTempDirectory("lunbridge-qemu-");
        Path socket = directory.resolve("nbd");
        List<String> command = new ArrayList<>(List.of("qemu-nbd", "--persistent", "--shared=0", "--socket=" + socket));
        command.addAll(credentials);
        command.addAll(List.of("--image-opts", options(target) + (credentials.isEmpty() ? "" : USER)));
        BackgroundProcess server = BackgroundProcess.start(Map.of(), command);
        try {
            Waiting.until(
                    LIMIT,
                    () -> isListening(socket) || !server.isAlive() || target.hasFailed(),
                    () -> "qemu-nbd does not open the disk: " + server.output());
            QemuNbdInitiator initiator = new QemuNbdInitiator(directory, server, connected(socket, server));
            initiator.giveUpWith(target);
            return initiator;
        } catch (Exception | AssertionError e) {
            server.close();
            remove(directory);
            throw e;
        }
    }

    /**
     * The options for the secret where the test wants CHAP, one way. Aborts a test that needs a login of another kind;
     * timeouts are the program's own.
     */
    private static List<String> credentials(UnaryOperator<SessionConfig> change) throws Exception {
        SessionConfig config = SessionConfig.normal(TargetAddress.parse("127.0.0.1:3260"), IQN, ScriptedTarget.IQN);
        LoginParameters usual = config.login();
        LoginParameters wanted = change.apply(config).login();
        if (wanted.equals(usual)) {
            return List.of();
        }
        boolean isOneWayChap = wanted.offer() == usual.offer()
                && wanted.initialCmdSn() == usual.initialCmdSn()
                && wanted.authentication() instanceof ChapAuthentication chap
                && !chap.toString().contains(", target ");
        if (!isOneWayChap) {
            throw new TestAbortedException("needs a login that qemu-nbd cannot be told");
        }
        return List.of("--object", "secret,id=s0,data=" + ChapDialogue.SECRET);
    }

    private static String options(ScriptedTarget target) {
        return String.join(
                ",",
                "driver=raw",
                "file.driver=iscsi",
                "file.transport=tcp",
                "file.portal=127.0.0.1:" + target.port(),
                "file.target=" + ScriptedTarget.IQN,
                "file.lun=" + VirtualDisk.LUN,
                "file.initiator-name=" + IQN);
    }

    private static PipelinedNbd connected(Path socket, BackgroundProcess server) throws Exception {
        if (!isListening(socket)) {
            throw new IOException(
                    "qemu-nbd does not open the disk: " + server.output().strip());
        }
        PipelinedNbd client = PipelinedNbd.connect(socket);
        try {
            Initiator.await(client.handshake());
            return client;
        } catch (Exception | AssertionError e) {
            client.close();
            throw e;
        }
    }

    /** Where the script has failed, requests fail too: the program would connect again for ever. */
    private void giveUpWith(ScriptedTarget target) {
        Thread watch = new Thread(
                () -> {
                    while (server.isAlive() && !target.hasFailed()) {
                        LockSupport.parkNanos(POLL_NANOS);
                    }
                    client.close();
                },
                "qemu-nbd-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /** The socket's file is there a little before anything listens. */
    private static boolean isListening(Path socket) {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Geometry geometry() {
        return new Geometry(client.handshake().join(), 512, 4096, 1 << 20, EnumSet.of(Feature.WRITE, Feature.FLUSH));
    }

    @Override
    public CompletableFuture<byte[]> startRead(long offsetBytes, int lengthBytes) {
        return client.read(offsetBytes, lengthBytes);
    }

    @Override
    public CompletableFuture<byte[]> startWrite(long offsetBytes, byte[] data) {
        return client.write(offsetBytes, data);
    }

    @Override
    public void flush() throws Exception {
        Initiator.await(client.flush());
    }

    /** Ends the program by a signal, upon which it logs out; by force where it does not end, as it retries for ever. */
    @Override
    public void close() {
        try (server) {
            client.close();
            server.signal("TERM");
            Waiting.until(END_LIMIT, () -> !server.isAlive(), server::output);
        } catch (AssertionError stillRunning) {
            // Killed as it is closed; the script tells whether that was a proper end.
        } finally {
            remove(directory);
        }
    }

    private static void remove(Path directory) {
        try {
            Files.deleteIfExists(directory.resolve("nbd"));
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
