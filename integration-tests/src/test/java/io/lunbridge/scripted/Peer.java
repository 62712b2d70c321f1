package io.lunbridge.scripted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The target's end of one connection, as a script uses it.
 *
 * <p>Whatever the script is about, each PDU that comes is held to the numbering rules of RFC 7143 section 4.2.2: CmdSN
 * rises by one with each non-immediate request and stays within the window that was sent; ExpStatSN never falls and
 * acknowledges nothing that was not sent.
 */
public final class Peer implements AutoCloseable {

    /** How long a script waits for anything; initiators other than ours need more. */
    public static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("lunbridge.scripted.patience", 5));

    private final Wire wire;
    private final VirtualDisk disk;
    private final TargetKeys keys = new TargetKeys();
    private final Deque<RawPdu> deferred = new ArrayDeque<>();
    private final PeerNumbers numbers = new PeerNumbers();
    private final CommandService commands = new CommandService(this);

    Peer(Socket socket, VirtualDisk disk) throws IOException {
        this.wire = new Wire(socket);
        this.disk = disk;
    }

    public TargetKeys keys() {
        return keys;
    }

    public PeerNumbers numbers() {
        return numbers;
    }

    public VirtualDisk disk() {
        return disk;
    }

    /** Answers SCSI commands. */
    public CommandService commands() {
        return commands;
    }

    /** Takes the initiator through login, whatever stages it wants, into the full feature phase. */
    public void login() throws IOException {
        new LoginDialogue(this).run();
    }

    /** For scripts that do the login themselves: from the next PDU on, the rules of the full feature phase hold. */
    public void enterFullFeature() {
        numbers.enterFullFeature();
        wire.digests(new PduDigests(keys.isCrc32c("HeaderDigest"), keys.isCrc32c("DataDigest")));
    }

    /** The next PDU of the full feature phase. */
    public RawPdu next() throws IOException {
        RawPdu pdu = nextOrEnd();
        if (pdu == null) {
            throw new AssertionError("the initiator closed the connection");
        }
        return pdu;
    }

    /** The next PDU; null where the initiator has closed the connection. */
    public @Nullable RawPdu nextOrEnd() throws IOException {
        return deferred.isEmpty() ? fromWire() : deferred.remove();
    }

    private @Nullable RawPdu fromWire() throws IOException {
        RawPdu pdu = wire.next(PATIENCE);
        if (pdu != null) {
            numbers.check(pdu);
        }
        return pdu;
    }

    /** The next PDU, which has to have this opcode. */
    public RawPdu expect(int opcode) throws IOException {
        RawPdu pdu = next();
        if (pdu.opcode() != opcode) {
            throw new AssertionError(String.format("expected opcode %02x, got %s", opcode, pdu));
        }
        return pdu;
    }

    /** The next Data-Out; what else comes before it is left for {@link #next}. */
    public RawPdu nextDataOut() throws IOException {
        while (true) {
            RawPdu pdu = fromWire();
            if (pdu == null) {
                throw new AssertionError("the initiator closed the connection instead of sending data");
            }
            if (pdu.opcode() == Op.DATA_OUT) {
                return pdu;
            }
            deferred.add(pdu);
        }
    }

    /** Asserts that the initiator closes the connection, whatever it sends before it does. */
    public void expectEnd() throws IOException {
        deferred.clear();
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (fromWire() != null) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError("the initiator keeps sending and does not close the connection");
            }
        }
    }

    /** Asserts that the initiator closes the connection and sends no Data-Out before it does. */
    public void expectEndWithoutData() throws IOException {
        for (RawPdu pdu = nextOrEnd(); pdu != null; pdu = nextOrEnd()) {
            if (pdu.opcode() == Op.DATA_OUT) {
                throw new AssertionError("the initiator sends data to a target that has broken the rules: " + pdu);
            }
        }
    }

    /** Asserts that the initiator sends nothing for that long, and keeps the connection. */
    public void assertQuiet(Duration time) throws IOException {
        if (!deferred.isEmpty() || !wire.isQuietFor(time)) {
            throw new AssertionError("the initiator sent or closed when it had to wait: " + nextOrEnd());
        }
    }

    /** Answers ordinary requests until one comes for which {@code special} holds, and returns that one unanswered. */
    public RawPdu serveUntil(Predicate<RawPdu> special) throws IOException {
        while (true) {
            RawPdu pdu = next();
            if (special.test(pdu)) {
                return pdu;
            }
            commands.serve(pdu);
        }
    }

    /** Answers ordinary requests, logout too, until the initiator closes the connection. */
    public void serveToEnd() throws IOException {
        RawPdu pdu;
        while ((pdu = nextOrEnd()) != null) {
            commands.serve(pdu);
        }
    }

    /** Sends the PDU as it is. */
    public void send(RawReply reply) throws IOException {
        wire.send(reply);
    }

    /** Sends with this connection's next StatSN, which is used up, and with ExpCmdSN and MaxCmdSN. */
    public void sendStatus(RawReply reply) throws IOException {
        send(numbers.stampWindow(reply.statSn(numbers.useStatSn())));
    }

    /** Sends with the next StatSN, which is not used up: R2T, and NOP-In that asks nothing of the initiator. */
    public void sendUnacknowledged(RawReply reply) throws IOException {
        send(numbers.stampedUnacknowledged(reply));
    }

    /** Sends with ExpCmdSN and MaxCmdSN but without StatSN: Data-In that carries no status. */
    public void sendData(RawReply reply) throws IOException {
        send(numbers.stampWindow(reply));
    }

    /** Sends bytes that need not be a PDU. */
    public void sendBytes(byte[] bytes) throws IOException {
        wire.send(bytes);
    }

    /** Ends the connection by RST. */
    public void reset() throws IOException {
        wire.reset();
    }

    /** Ends the connection by FIN, and still reads. */
    public void finish() throws IOException {
        wire.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
