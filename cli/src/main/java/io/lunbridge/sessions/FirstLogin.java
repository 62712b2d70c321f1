package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.devices.SessionHold;
import io.lunbridge.iscsi.recovery.Nexus;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to a session that there has not been: tried again as open-iscsi does (M-120, M-121). */
final class FirstLogin {

    private static final Logger LOG = LoggerFactory.getLogger(FirstLogin.class);

    /** Between two attempts. */
    private static final long PAUSE_MILLIS = 3000;

    private FirstLogin() {}

    /**
     * Logs in.
     *
     * @throws CommandException with open-iscsi's number, when that cannot succeed or {@code initial_login_retry_max} times
     *     {@code login_timeout} are over
     */
    static Nexus run(SessionHold hold, NodeSettings node) throws CommandException, InterruptedException {
        long startNanos = System.nanoTime();
        long limitNanos = TimeUnit.MILLISECONDS.toNanos(node.initialLoginMillis());
        while (true) {
            try {
                return hold.logIn();
            } catch (CommandException e) {
                if (e.iscsiError() != CommandException.NO_ISCSI_ERROR) {
                    throw e;
                }
                LoginFailure failure = LoginFailure.of(e);
                if (!failure.passes() || System.nanoTime() - startNanos >= limitNanos) {
                    throw failure.error().because(e.sentence(), e);
                }
                LOG.info("{}: login failed, and is tried again: {}", node.targetName(), e.sentence());
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    /**
     * Logs in again as a session that an earlier process had: until it succeeds, or as often as {@code reopen_max} says
     * (M-122).
     *
     * @return whether it has succeeded
     */
    static boolean again(SessionHold hold, NodeSettings node) throws CommandException, InterruptedException {
        String lastSentence = "";
        String name = node.targetName();
        for (int attempt = 1; ; attempt++) {
            try {
                var unused = hold.logIn();
                return true;
            } catch (CommandException e) {
                if (attempt == node.maxReopens()) {
                    LOG.error("{} is given up after {} logins that failed: {}", name, attempt, e.sentence());
                    return false;
                }
                if (!e.sentence().equals(lastSentence)) {
                    LOG.warn("{} is not back yet: {}", name, e.sentence());
                }
                lastSentence = e.sentence();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }
}
