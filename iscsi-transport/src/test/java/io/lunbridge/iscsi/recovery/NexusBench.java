package io.lunbridge.iscsi.recovery;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.iscsi.session.TestTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A nexus whose logins the test answers, on a clock that the test moves. */
final class NexusBench implements SessionSource, NexusOpening, AutoCloseable {

    private static final int STEP_MILLIS = 50;

    /** When each login was asked for, in milliseconds since the last {@link #restartClock}. */
    final List<Long> loginMillis = new ArrayList<>();

    final List<SessionConfig> loginConfigs = new ArrayList<>();
    final List<TestTarget> targets = new ArrayList<>();
    final TestMember member = new TestMember();
    double random = 0.5;

    @Nullable
    SessionException firstFailure;

    private @Nullable SessionOpening pending;
    private @Nullable Nexus nexus;
    private long nowMillis;

    /** A nexus with one member, logged in. */
    static NexusBench loggedIn(RecoveryPolicy policy) {
        return loggedIn(policy, TestTarget.config());
    }

    static NexusBench loggedIn(RecoveryPolicy policy, SessionConfig config) {
        NexusBench bench = new NexusBench();
        bench.open(policy, config);
        bench.accept();
        bench.nexus().add(bench.member);
        bench.passSeconds(60);
        bench.restartClock();
        return bench;
    }

    void open(RecoveryPolicy policy, SessionConfig config) {
        Nexus.open(this, config.withTimeouts(config.timeouts().withoutPings()), policy, () -> random, this);
    }

    Nexus nexus() {
        if (nexus == null) {
            throw new AssertionError("not opened");
        }
        return nexus;
    }

    @Override
    public void open(SessionConfig config, SessionOpening opening) {
        if (pending != null) {
            throw new AssertionError("two logins at a time");
        }
        pending = opening;
        loginMillis.add(nowMillis);
        loginConfigs.add(config);
    }

    boolean isLoggingIn() {
        return pending != null;
    }

    private SessionOpening takePending() {
        SessionOpening opening = pending;
        if (opening == null) {
            throw new AssertionError("no login under way");
        }
        pending = null;
        return opening;
    }

    /** The login that is under way succeeds. */
    TestTarget accept() {
        TestTarget target = new TestTarget(loginConfigs.get(loginConfigs.size() - 1), 64);
        targets.add(target);
        takePending().opened(target.session);
        return target;
    }

    /** The login that is under way fails. */
    void refuse(SessionException.Kind kind) {
        takePending().failed(TestTarget.failure(kind, "so the test wants it"));
    }

    TestTarget target() {
        return targets.get(targets.size() - 1);
    }

    /** The session breaks; the target has not said how long to wait. */
    void lose() {
        target().lose(-1);
    }

    void passSeconds(int seconds) {
        passMillis(seconds * 1000L);
    }

    void passMillis(long millis) {
        for (long passed = 0; passed < millis; passed += STEP_MILLIS) {
            nowMillis += STEP_MILLIS;
            for (TestTarget target : List.copyOf(targets)) {
                target.channel.advanceTimeBy(STEP_MILLIS, TimeUnit.MILLISECONDS);
                target.channel.runScheduledPendingTasks();
                target.channel.runPendingTasks();
            }
        }
    }

    /** Passes time until a login is asked for, and returns when that is. */
    long awaitLogin() {
        for (int step = 0; !isLoggingIn(); step++) {
            if (step > 100_000 / STEP_MILLIS) {
                throw new AssertionError("no login in 100 s");
            }
            passMillis(STEP_MILLIS);
        }
        return loginMillis.get(loginMillis.size() - 1);
    }

    void restartClock() {
        nowMillis = 0;
        loginMillis.clear();
        loginConfigs.clear();
    }

    @Override
    public void opened(Nexus opened) {
        nexus = opened;
    }

    @Override
    public void failed(SessionException cause) {
        firstFailure = cause;
    }

    @Override
    public void close() {
        targets.forEach(TestTarget::close);
    }
}
