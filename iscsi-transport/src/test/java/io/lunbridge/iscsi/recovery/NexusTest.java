package io.lunbridge.iscsi.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.login.LoginIdentity;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException.Kind;
import io.lunbridge.iscsi.session.SessionState;
import io.lunbridge.iscsi.session.TestTarget;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the next login comes, and as whom; how a nexus is closed. The clock is the test's. */
class NexusTest {

    private NexusBench bench = NexusBench.loggedIn(RecoveryPolicy.DEFAULT);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aFirstLoginThatFailsIsToldAndNotTriedAgain() {
        try (NexusBench fresh = new NexusBench()) {
            fresh.open(RecoveryPolicy.DEFAULT, TestTarget.config());
            fresh.refuse(Kind.CONNECTION_REFUSED);
            assertThat(fresh.firstFailure).isNotNull();
            fresh.passSeconds(100);
            assertThat(fresh.isLoggingIn()).isFalse();
        }
    }

    @Test
    void aLostSessionIsReplacedByOneOfTheSameConfiguration() {
        SessionConfig first = bench.nexus().session().config();
        bench.lose();
        assertThat(bench.nexus().state()).isEqualTo(NexusState.RECOVERING);
        bench.awaitLogin();
        assertThat(bench.loginConfigs).containsExactly(first);
        bench.accept();
        assertThat(bench.nexus().state()).isEqualTo(NexusState.REVALIDATING);
        bench.member.verdict().usable();
        assertThat(bench.nexus().state()).isEqualTo(NexusState.LOGGED_IN);
        assertThat(bench.member.news()).containsExactly("lost", "asked", "resumed");
    }

    @Test
    void waitsAsLongAsWasNegotiated() {
        bench.lose();
        assertThat(bench.awaitLogin()).isEqualTo(2000);
    }

    @Test
    void waitsAsLongAsTheTargetAskedForInstead() {
        bench.target().lose(7);
        assertThat(bench.awaitLogin()).isEqualTo(7000);
        bench.accept();
        bench.member.verdict().usable();
        bench.passSeconds(60);
        bench.restartClock();
        bench.target().lose(0);
        bench.passMillis(50);
        assertThat(bench.isLoggingIn()).isTrue();
    }

    @Test
    void failedLoginsAreRepeatedAfterLongerAndLongerWaits() {
        bench.lose();
        assertThat(waitsAfter(Kind.CONNECTION_REFUSED, 8)).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void waitsAreSpreadByAQuarter() {
        bench.lose();
        bench.random = 0;
        assertThat(waitMillisAfter(Kind.TIMEOUT)).isEqualTo(750);
        bench.random = 1;
        assertThat(waitMillisAfter(Kind.TIMEOUT)).isEqualTo(2500);
    }

    @Test
    void aTargetThatSaysNoAgainAndAgainIsAskedSlowly() {
        bench.lose();
        assertThat(waitsAfter(Kind.AUTHENTICATION, 5)).containsExactly(1L, 2L, 4L, 30L, 30L);
        assertThat(waitsAfter(Kind.CONNECTION_REFUSED, 2))
                .as("no longer a refusal")
                .containsExactly(8L, 16L);
    }

    @Test
    void onlyAStableSessionMakesTheNextWaitShort() {
        bench.lose();
        assertThat(waitsAfter(Kind.TIMEOUT, 3)).containsExactly(1L, 2L, 4L);
        bench.accept();
        bench.member.verdict().usable();
        bench.passSeconds(9);
        assertThat(waitAfterLoss()).as("after a short session").isEqualTo(8);
        bench.accept();
        bench.member.verdict().usable();
        bench.passSeconds(10);
        assertThat(waitAfterLoss()).as("after a stable one").isEqualTo(2);
    }

    @Test
    void sessionsThatEndAtOnceSlowTheNextLoginDown() {
        bench.lose();
        List<Long> waits = new ArrayList<>();
        for (int session = 0; session < 4; session++) {
            bench.awaitLogin();
            bench.accept();
            bench.member.verdict().usable();
            bench.passSeconds(4);
            waits.add(waitAfterLoss());
        }
        assertThat(waits).containsExactly(2L, 2L, 30L, 30L);
        bench.accept();
        bench.member.verdict().usable();
        bench.passSeconds(60);
        assertThat(waitAfterLoss()).isEqualTo(2);
    }

    @Test
    void sessionsThatWeGiveUpAtOnceAreNoSignOfAnotherInitiator() {
        bench.lose();
        List<Long> waits = new ArrayList<>();
        for (int session = 0; session < 4; session++) {
            bench.awaitLogin();
            bench.accept();
            bench.member.verdict().usable();
            bench.passSeconds(4);
            bench.restartClock();
            bench.target().giveUp();
            waits.add(Math.round(bench.awaitLogin() / 1000.0));
        }
        assertThat(waits).containsExactly(2L, 2L, 4L, 8L);
    }

    @Test
    void onlyATargetKnownToNeedItGetsAnotherIsidAndTimeToForgetTheOldOne() {
        bench.lose();
        waitsAfter(Kind.TARGET_UNAVAILABLE, 8);
        assertThat(bench.loginConfigs).allMatch(config -> isid(config) == SessionConfig.DEFAULT_ISID);
        bench.close();
        bench = NexusBench.loggedIn(RecoveryPolicy.DEFAULT, microsoft());
        bench.lose();
        while (isid(bench.loginConfigs) == SessionConfig.DEFAULT_ISID) {
            assertThat(bench.loginConfigs).hasSizeLessThan(20);
            waitsAfter(Kind.TARGET_UNAVAILABLE, 1);
            bench.awaitLogin();
        }
        assertThat(isid(bench.loginConfigs)).isEqualTo(SessionConfig.DEFAULT_ISID + 1);
        bench.accept();
        assertThat(bench.member.news()).doesNotContain("asked");
        bench.passMillis(21_950);
        assertThat(bench.member.news())
                .as("Time2Wait and Time2Retain are not over")
                .doesNotContain("asked");
        bench.passMillis(50);
        assertThat(bench.member.news()).containsExactly("asked");
    }

    @Test
    void givesUpAfterAsManyFailedLoginsAsThePolicySays() {
        bench.close();
        bench = NexusBench.loggedIn(RecoveryPolicy.DEFAULT.withMaxLogins(3));
        bench.lose();
        waitsAfter(Kind.CONNECTION_REFUSED, 2);
        assertThat(bench.nexus().hasGivenUp()).isFalse();
        bench.accept();
        bench.member.verdict().usable();
        assertThat(bench.nexus().logins()).isEqualTo(3);

        bench.lose();
        waitsAfter(Kind.CONNECTION_REFUSED, 2);
        assertThat(bench.member.news()).doesNotContain("gone");
        bench.refuse(Kind.CONNECTION_REFUSED);

        assertThat(bench.member.news()).contains("gone");
        assertThat(bench.nexus().hasGivenUp()).isTrue();
        assertThat(bench.nexus().state()).isEqualTo(NexusState.CLOSED);
        bench.passSeconds(100);
        assertThat(bench.isLoggingIn()).isFalse();
    }

    @Test
    void closesASessionByALogout() {
        boolean[] closed = {false};
        bench.nexus().close(() -> closed[0] = true);
        TestTarget.Sent logout = bench.target().sentOne();
        int tag = logout.as(new LogoutRequest()).initiatorTaskTag();
        bench.target()
                .add(new LogoutResponse(), header -> header.initiatorTaskTag(tag))
                .deliver();
        assertThat(closed[0]).isTrue();
        assertThat(bench.member.news()).containsExactly("gone");
        bench.passSeconds(100);
        assertThat(bench.isLoggingIn()).isFalse();
    }

    @Test
    void closesWhileItWaitsForTheNextLogin() {
        boolean[] closed = {false};
        bench.lose();
        bench.nexus().close(() -> closed[0] = true);
        assertThat(closed[0]).isTrue();
        assertThat(bench.member.news()).containsExactly("lost", "gone");
        bench.passSeconds(100);
        assertThat(bench.isLoggingIn()).isFalse();
    }

    @Test
    void closesWhileALoginIsUnderWayAndEndsTheSessionThatComesTooLate() {
        boolean[] closed = {false};
        bench.lose();
        bench.awaitLogin();
        bench.nexus().close(() -> closed[0] = true);
        assertThat(closed[0]).as("a dead target holds up no close").isTrue();
        TestTarget late = bench.accept();
        assertThat(late.sentOne().as(new LogoutRequest()).immediate()).isTrue();
        bench.passSeconds(3);
        assertThat(late.session.state()).isEqualTo(SessionState.FREE);
        assertThat(bench.member.news()).containsExactly("lost", "gone");
    }

    @Test
    void closesWhileAMemberChecksTheNewSession() {
        boolean[] closed = {false};
        bench.lose();
        bench.awaitLogin();
        bench.accept();
        bench.nexus().close(() -> closed[0] = true);
        bench.passSeconds(3);
        assertThat(closed[0]).as("the target does not answer the logout").isTrue();
        assertThat(bench.member.news()).containsExactly("lost", "asked", "gone");
        bench.member.verdict().usable();
        assertThat(bench.member.news()).isEmpty();
    }

    @Test
    void aLoginThatFailsAfterTheCloseIsNotRepeated() {
        bench.lose();
        bench.awaitLogin();
        bench.nexus().close(() -> {});
        bench.refuse(Kind.TIMEOUT);
        bench.passSeconds(100);
        assertThat(bench.isLoggingIn()).isFalse();
    }

    @Test
    void everyEdgeOfTheStatesIsInTheirTable() {
        assertThat(NexusState.CLOSED.next()).isEmpty();
        for (NexusState state : List.of(NexusState.LOGGED_IN, NexusState.RECOVERING, NexusState.REVALIDATING)) {
            assertThat(state.next()).contains(NexusState.CLOSED).doesNotContain(state);
        }
        assertThat(NexusState.RECOVERING.next()).doesNotContain(NexusState.LOGGED_IN);
        assertThat(MemberState.USABLE.next()).containsExactly(MemberState.BLOCKED);
        assertThat(MemberState.FAILED.next()).containsExactly(MemberState.USABLE);
    }

    private long waitAfterLoss() {
        bench.restartClock();
        bench.lose();
        return Math.round(bench.awaitLogin() / 1000.0);
    }

    private List<Long> waitsAfter(Kind kind, int logins) {
        List<Long> waits = new ArrayList<>();
        for (int login = 0; login < logins; login++) {
            waits.add(Math.round(waitMillisAfter(kind) / 1000.0));
        }
        return waits;
    }

    private long waitMillisAfter(Kind kind) {
        long before = bench.awaitLogin();
        bench.refuse(kind);
        return bench.awaitLogin() - before;
    }

    private static SessionConfig microsoft() {
        SessionConfig config = TestTarget.config();
        LoginIdentity old = config.login().identity();
        LoginIdentity named = new LoginIdentity(
                old.initiatorName(), "iqn.1991-05.com.microsoft:host-disk-target", old.isid(), 0, old.connectionId());
        return config.withLogin(new io.lunbridge.iscsi.login.LoginParameters(
                named,
                config.login().offer(),
                config.login().authentication(),
                config.login().initialCmdSn()));
    }

    private static long isid(List<SessionConfig> configs) {
        return configs.isEmpty() ? SessionConfig.DEFAULT_ISID : isid(configs.get(configs.size() - 1));
    }

    private static long isid(SessionConfig config) {
        return config.login().identity().isid();
    }
}
