package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.LogoutReason;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What goes between initiator and target besides SCSI: pings, text, logout. At most one of each is in flight.
 *
 * <p>All are sent as immediate commands, so a closed window holds none of them up, and each has its slot in the task table
 * beyond the queue depth. Answers to the target's pings need no slot at all.
 */
final class ControlExchanges {

    /** Slots that are kept free for them: ping, text, logout. */
    static final int SLOTS = 3;

    /** Awaits an answer that needs nothing to be done when it does not come. */
    private static final class Awaited extends Task {
        @Override
        void abandon(IscsiException cause) {}
    }

    private final Connection connection;
    private final TaskTable tasks;
    private final CommandWindow window;
    private final NopOut nopOut = new NopOut();
    private final Awaited ping = new Awaited();
    private final Awaited logout = new Awaited();
    private @Nullable TextExchange text;
    private boolean pingInFlight;
    private boolean loggingOut;
    private IscsiException endOfLogout = new SessionException(Kind.CLOSED, "the session has been closed");

    ControlExchanges(Connection connection, TaskTable tasks, CommandWindow window) {
        this.connection = connection;
        this.tasks = tasks;
        this.window = window;
    }

    boolean isLoggingOut() {
        return loggingOut;
    }

    /** Our own ping: the reserved TTT, LUN 0 and a tag of its own (RFC 7143 section 11.18). */
    void sendPing() {
        if (pingInFlight || loggingOut) {
            return;
        }
        pingInFlight = true;
        tasks.add(ping);
        connection
                .writer()
                .next(nopOut)
                .immediate(true)
                .initiatorTaskTag(ping.initiatorTaskTag())
                .cmdSn(window.next())
                .expStatSn(connection.expStatSn());
        connection.writer().finish();
    }

    void pingAnswered(int tag) throws PduException {
        if (tasks.find(tag) == ping) {
            pingDone();
        }
    }

    private void pingDone() {
        tasks.remove(ping);
        pingInFlight = false;
    }

    /** Whether the task, which is over now, was one of these. A rejected ping was answered: the target lives. */
    boolean rejected(Task task, RejectReason reason) {
        if (task == ping) {
            pingDone();
        } else if (task == logout) {
            connection.drop(endOfLogout);
        } else if (text != null && task == text) {
            TextExchange exchange = text;
            endText(exchange);
            exchange.abandon(new TaskException(TaskException.Kind.REJECTED, "the target rejected the text: " + reason));
        } else {
            return false;
        }
        return true;
    }

    boolean isTextUnderWay() {
        return text != null;
    }

    /** Whether a text exchange has not come on since that tick. */
    boolean isTextOverdue(int oldestTick) {
        return text != null && SerialNumber.isBefore(text.lastProgressTick(), oldestTick);
    }

    /** Answers the target's ping: its tag and all eight bytes of its LUN come back, its data does not. */
    void answerPing(long lunBytes, int targetTransferTag) {
        connection
                .writer()
                .next(nopOut)
                .immediate(true)
                .lun(lunBytes)
                .targetTransferTag(targetTransferTag)
                .cmdSn(window.next())
                .expStatSn(connection.expStatSn());
        connection.writer().finish();
    }

    /** Owns {@code request}. */
    void sendText(ByteBuf request, TextCompletion done) {
        if (text != null) {
            request.release();
            done.failed(new SessionException(Kind.OVERLOADED, "a text exchange is under way already"));
            return;
        }
        TextExchange exchange = new TextExchange(connection, window, done);
        text = exchange;
        tasks.add(exchange);
        exchange.send(request);
    }

    void textResponse(TextResponse header, ByteBuf data) throws PduException {
        TextExchange exchange = text;
        if (exchange == null || tasks.find(header.initiatorTaskTag()) != exchange) {
            throw new PduException(PduException.Cause.PROTOCOL, "a Text Response to no request");
        }
        exchange.progress(tasks.tick());
        if (header.finalBit() && header.targetTransferTag() != BasicHeader.RESERVED_TAG) {
            endText(exchange);
            exchange.abandon(new TaskException(TaskException.Kind.DEFECT, "a final Text Response that has a tag"));
        } else if (exchange.received(header, data)) {
            endText(exchange);
            exchange.complete();
        }
    }

    private void endText(TextExchange exchange) {
        text = null;
        tasks.remove(exchange);
    }

    /**
     * Closes the whole session; the connection is dropped when the target has answered or {@code limitMillis} is over.
     *
     * @param cause what the session then ends with
     */
    void sendLogout(int limitMillis, IscsiException cause) {
        loggingOut = true;
        endOfLogout = cause;
        connection.transition(ConnectionState.IN_LOGOUT);
        tasks.add(logout);
        connection
                .writer()
                .next(new LogoutRequest())
                .immediate(true)
                .reason(LogoutReason.CLOSE_SESSION)
                .initiatorTaskTag(logout.initiatorTaskTag())
                .cmdSn(window.next())
                .expStatSn(connection.expStatSn());
        connection.writer().finish();
        var unused = connection
                .channel()
                .eventLoop()
                .schedule(() -> connection.drop(endOfLogout), limitMillis, TimeUnit.MILLISECONDS);
    }

    /** What the session ends with; the target may want a longer wait than it has asked for before. */
    private IscsiException endOfLogout(int time2WaitSeconds) {
        return endOfLogout instanceof ConnectionException loss && loss.reconnectAfterSeconds() < time2WaitSeconds
                ? new ConnectionException(String.valueOf(loss.getMessage()), time2WaitSeconds)
                : endOfLogout;
    }

    /** The logout that is under way is ours as well. */
    void endOfLogout(IscsiException cause) {
        endOfLogout = cause;
    }

    void logoutAnswered(LogoutResponse header) throws PduException {
        if (tasks.find(header.initiatorTaskTag()) != logout) {
            throw new PduException(PduException.Cause.PROTOCOL, "a Logout Response to no request");
        }
        tasks.remove(logout);
        connection.loggedOut(endOfLogout(header.time2WaitSeconds()));
    }
}
