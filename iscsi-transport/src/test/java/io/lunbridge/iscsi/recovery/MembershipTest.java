package io.lunbridge.iscsi.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.session.SessionException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a member's requests wait, and what ends the waiting. The clock is the test's. */
class MembershipTest {

    private NexusBench bench = NexusBench.loggedIn(RecoveryPolicy.DEFAULT);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void requestsFailAtTheReplacementTimeoutAndALaterSessionRevivesThem() {
        bench.lose();
        bench.awaitLogin();
        bench.passMillis(117_950);
        assertThat(bench.member.news()).containsExactly("lost");
        bench.passMillis(50);
        assertThat(bench.member.news()).containsExactly("failed");
        bench.refuse(Kind.TIMEOUT);
        bench.passSeconds(3600);
        assertThat(bench.member.news()).isEmpty();
        assertThat(bench.isLoggingIn()).as("goes on trying").isTrue();
        bench.accept();
        bench.member.verdict().usable();
        assertThat(bench.member.news()).containsExactly("asked", "resumed");
        assertThat(bench.nexus().state()).isEqualTo(NexusState.LOGGED_IN);
    }

    @Test
    void zeroFailsRequestsAtTheLoss() {
        use(RecoveryPolicy.DEFAULT.withReplacementSeconds(0));
        bench.lose();
        assertThat(bench.member.news()).containsExactly("lost", "failed");
        bench.awaitLogin();
        bench.accept();
        bench.member.verdict().usable();
        assertThat(bench.member.news()).containsExactly("asked", "resumed");
    }

    @Test
    void negativeLetsRequestsWaitForEver() {
        use(RecoveryPolicy.DEFAULT.withReplacementSeconds(-1));
        bench.lose();
        bench.awaitLogin();
        bench.passSeconds(100_000);
        assertThat(bench.member.news()).containsExactly("lost");
    }

    @Test
    void aUsableSessionEndsTheTimer() {
        bench.lose();
        bench.awaitLogin();
        bench.accept();
        bench.member.verdict().usable();
        bench.passSeconds(1000);
        assertThat(bench.member.news()).containsExactly("lost", "asked", "resumed");
    }

    @Test
    void loginsThatLeadNowhereDoNotEndTheTimer() {
        bench.lose();
        for (int session = 0; session < 4; session++) {
            bench.awaitLogin();
            bench.accept();
            bench.passMillis(500);
            bench.lose();
        }
        assertThat(bench.member.news()).containsExactly("lost", "asked", "asked", "asked", "asked");
        bench.awaitLogin();
        bench.passSeconds(120);
        assertThat(bench.member.news()).containsExactly("failed");
    }

    @Test
    void aUnitThatIsNotReadyYetIsAskedAgainAndDoesNotEndTheTimer() {
        bench.lose();
        bench.awaitLogin();
        bench.accept();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 16}) {
            assertThat(bench.member.news()).contains("asked");
            bench.member.verdict().notYet("spinning up");
            bench.passMillis(seconds * 1000L - 50);
            assertThat(bench.member.news()).doesNotContain("asked");
            bench.passMillis(50);
        }
        bench.passSeconds(71);
        assertThat(bench.member.news()).containsExactly("asked", "failed");
        bench.member.verdict().usable();
        assertThat(bench.member.news()).containsExactly("resumed");
    }

    @Test
    void anotherUnitFailsRequestsAtOnceAndTheRightOneRevivesThem() {
        bench.lose();
        bench.awaitLogin();
        bench.accept();
        bench.member.verdict().refused("another disk");
        assertThat(bench.member.news()).containsExactly("lost", "asked", "failed");
        assertThat(bench.nexus().state()).as("others may use it").isEqualTo(NexusState.LOGGED_IN);
        bench.passSeconds(30);
        assertThat(bench.member.news()).containsExactly("asked");
        bench.member.verdict().refused("another disk");
        bench.passSeconds(30);
        bench.member.verdict().usable();
        assertThat(bench.member.news()).containsExactly("asked", "resumed");
        bench.passSeconds(1000);
        assertThat(bench.member.news()).isEmpty();
    }

    @Test
    void aVerdictOfALostSessionCountsNoMore() {
        bench.lose();
        bench.awaitLogin();
        bench.accept();
        NexusMember.Verdict stale = bench.member.verdict();
        bench.lose();
        stale.usable();
        stale.refused("another disk");
        assertThat(bench.member.news()).containsExactly("lost", "asked");
        bench.awaitLogin();
        bench.accept();
        stale.usable();
        assertThat(bench.member.news()).containsExactly("asked");
        bench.member.verdict().usable();
        assertThat(bench.member.news()).containsExactly("resumed");
    }

    @Test
    void oneMemberDoesNotWaitForAnother() {
        TestMember other = new TestMember();
        bench.nexus().add(other);
        bench.lose();
        bench.awaitLogin();
        bench.accept();
        other.verdict().usable();
        assertThat(other.news()).containsExactly("lost", "asked", "resumed");
        assertThat(bench.nexus().state()).isEqualTo(NexusState.REVALIDATING);
        bench.passSeconds(120);
        assertThat(bench.member.news()).containsExactly("lost", "asked", "failed");
        assertThat(other.news()).as("its own timer has ended").isEmpty();
        bench.member.verdict().usable();
        assertThat(bench.nexus().state()).isEqualTo(NexusState.LOGGED_IN);
    }

    @Test
    void aMemberThatComesDuringARecoveryIsToldSo() {
        bench.lose();
        TestMember late = new TestMember();
        bench.nexus().add(late);
        assertThat(late.news()).containsExactly("lost");
        bench.nexus().remove(bench.member);
        bench.awaitLogin();
        bench.accept();
        late.verdict().usable();
        assertThat(late.news()).containsExactly("asked", "resumed");
        assertThat(bench.nexus().state()).isEqualTo(NexusState.LOGGED_IN);
        assertThat(bench.member.news()).containsExactly("lost");
    }

    @Test
    void aProcessThatEndsDoesNotWait() {
        bench.lose();
        bench.nexus().stopWaiting();
        assertThat(bench.member.news()).containsExactly("lost", "failed");
    }

    private void use(RecoveryPolicy policy) {
        bench.close();
        bench = NexusBench.loggedIn(policy);
    }
}
