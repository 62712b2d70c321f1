package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.login.InitiatorLogin;
import io.lunbridge.iscsi.login.LoginOutcome;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Owns a connection until it is logged in: runs the login machine on it, within its time; then tells the attempt. */
final class LoginPhase implements ConnectionOwner {

    /** Told once, after the connection is closed unless it has become a session's. */
    interface Owner {

        void loggedIn(Session session);

        /** The target is there, and from now on if that is permanent. */
        void redirected(TargetAddress to, boolean permanent);

        /** The login failed, and may succeed with {@code parameters}. */
        void refusedAsProposed(LoginParameters parameters);

        void failed(SessionException cause);
    }

    private final LoginTrial trial;
    private final Owner owner;
    private final Connection connection;
    private final InitiatorLogin login;
    private @Nullable ScheduledFuture<?> deadline;
    private LoginOutcome.@Nullable Redirected redirection;

    /** A login on a channel that is about to connect. */
    LoginPhase(LoginTrial trial, Channel channel, Owner owner) {
        this.trial = trial;
        this.owner = owner;
        connection = new Connection(channel, this, InitiatorLogin.MAX_DATA_SEGMENT_BYTES);
        login = new InitiatorLogin(trial.parameters());
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void connected() {
        deadline = connection
                .channel()
                .eventLoop()
                .schedule(this::timeOut, trial.config().timeouts().openMillis(), TimeUnit.MILLISECONDS);
        login.start(connection.writer());
    }

    private void timeOut() {
        login.timedOut();
        connection.drop(new SessionException(
                Kind.LOGIN_TIMEOUT, "the target at " + trial.portal() + " does not finish the login"));
    }

    @Override
    public void loginResponse(LoginResponse header, ByteBuf data) {
        LoginOutcome outcome = login.receive(header, data, connection.writer());
        if (outcome instanceof LoginOutcome.LoggedIn loggedIn) {
            begin(loggedIn);
        } else if (outcome != null) {
            redirection = outcome instanceof LoginOutcome.Redirected redirected ? redirected : null;
            connection.drop(LoginFailures.of(trial, outcome));
        }
    }

    private void begin(LoginOutcome.LoggedIn loggedIn) {
        cancelDeadline();
        Channel channel = connection.channel();
        FullFeature.Place place = new FullFeature.Place(
                loggedIn.target().portalGroupTag(), channel.localAddress(), channel.remoteAddress());
        NegotiatedKeys keys = trial.config().limits().applyTo(loggedIn.keys());
        FullFeature fullFeature = new FullFeature(loggedIn.tsih(), loggedIn.sequence(), keys, place);
        Session session = new Session(trial.lasting(), connection, fullFeature);
        session.start();
        owner.loggedIn(session);
    }

    @Override
    public void readDone() {}

    @Override
    public void lost(IscsiException cause) {
        cancelDeadline();
        LoginParameters secondTry = login.secondTry();
        if (redirection != null) {
            owner.redirected(redirection.address(), redirection.permanent());
        } else if (secondTry != null) {
            owner.refusedAsProposed(secondTry);
        } else if (cause instanceof SessionException failure) {
            owner.failed(failure);
        } else {
            owner.failed(new SessionException(
                    Kind.CONNECTION_LOST, trial.portal() + ": during login, " + cause.getMessage()));
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
