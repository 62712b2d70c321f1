package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.InitiatorLogin;
import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Owns a connection until it is logged in: runs the login machine on it, within its time. */
final class LoginPhase implements ConnectionOwner {

    private final SessionConfig config;
    private final SessionOpening opening;
    private final Connection connection;
    private final InitiatorLogin login;
    private final Consumer<TargetAddress> redirection;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable TargetAddress redirectedTo;

    /**
     * A login on a channel that is about to connect.
     *
     * @param redirection told where to try instead, in place of {@code opening}, when this connection is closed
     */
    LoginPhase(SessionConfig config, Channel channel, SessionOpening opening, Consumer<TargetAddress> redirection) {
        this.config = config;
        this.opening = opening;
        this.redirection = redirection;
        connection = new Connection(channel, this, InitiatorLogin.MAX_DATA_SEGMENT_BYTES);
        login = new InitiatorLogin(config.login());
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void connected() {
        deadline = connection
                .channel()
                .eventLoop()
                .schedule(this::timeOut, config.timeouts().openMillis(), TimeUnit.MILLISECONDS);
        login.start(connection.writer());
    }

    private void timeOut() {
        login.timedOut();
        connection.drop(
                new SessionException(Kind.TIMEOUT, "the target at " + config.portal() + " does not finish the login"));
    }

    @Override
    public void loginResponse(LoginResponse header, ByteBuf data) {
        LoginOutcome outcome = login.receive(header, data, connection.writer());
        if (outcome instanceof LoginOutcome.LoggedIn loggedIn) {
            begin(loggedIn);
        } else if (outcome != null) {
            redirectedTo = outcome instanceof LoginOutcome.Redirected redirected ? redirected.address() : null;
            connection.drop(LoginFailures.of(config, outcome));
        }
    }

    private void begin(LoginOutcome.LoggedIn loggedIn) {
        cancelDeadline();
        FullFeature fullFeature = new FullFeature(loggedIn.tsih(), loggedIn.sequence(), loggedIn.keys());
        Session session = new Session(config, connection, fullFeature);
        session.start();
        opening.opened(session);
    }

    @Override
    public void readDone() {}

    @Override
    public void lost(IscsiException cause) {
        cancelDeadline();
        if (redirectedTo != null) {
            redirection.accept(redirectedTo);
            return;
        }
        opening.failed(
                cause instanceof SessionException failure
                        ? failure
                        : new SessionException(
                                Kind.CONNECTION_LOST, config.portal() + ": during login, " + cause.getMessage()));
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
