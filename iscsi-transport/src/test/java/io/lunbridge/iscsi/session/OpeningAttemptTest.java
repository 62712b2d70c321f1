package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.SessionException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where an opening goes, connection by connection. */
class OpeningAttemptTest {

    private static final TargetAddress HOME = new TargetAddress("home", 3260, 1);
    private static final SessionConfig CONFIG = SessionConfig.normal(HOME, "iqn.i", "iqn.t");

    private final List<String> portals = new ArrayList<>();
    private final List<LoginParameters> logins = new ArrayList<>();
    private final List<LoginTrial> trials = new ArrayList<>();
    private @Nullable SessionException failure;

    private final OpeningAttempt attempt = new OpeningAttempt(
            CONFIG,
            new SessionOpening() {
                @Override
                public void opened(Session session) {
                    throw new AssertionError("there is no session");
                }

                @Override
                public void failed(SessionException cause) {
                    assertThat(failure).as("told once").isNull();
                    failure = cause;
                }
            },
            (trial, owner) -> {
                assertThat(trial.config()).isSameAs(CONFIG);
                trials.add(trial);
                portals.add(trial.portal().toString());
                logins.add(trial.parameters());
            });

    @Test
    void redirectionsAreFollowedToTheLimit() throws Exception {
        attempt.begin();
        for (int i = 1; i <= OpeningAttempt.MAX_REDIRECTS; i++) {
            attempt.redirected(TargetAddress.parse("[2001:db8::" + i + "]:3261"), false);
        }
        assertThat(failure).isNull();
        assertThat(portals).hasSize(6).contains("home:3260,1", "[2001:db8::5]:3261");
        attempt.redirected(TargetAddress.parse("one.too.many"), false);
        assertFailed(Kind.MOVED, "without end");
        assertThat(portals).hasSize(6);
    }

    @Test
    void onlyWhatIsPermanentAllTheWayIsWhereTheNextOpeningBegins() throws Exception {
        attempt.begin();
        attempt.redirected(TargetAddress.parse("a"), true);
        attempt.redirected(TargetAddress.parse("b"), true);
        attempt.redirected(TargetAddress.parse("c"), false);
        attempt.redirected(TargetAddress.parse("d"), true);
        assertThat(trials)
                .extracting(trial -> trial.lasting().portal().host())
                .containsExactly("home", "a", "b", "home", "home");
        attempt.failed(new SessionException(Kind.CONNECTION_REFUSED, "d is down"));
        assertThat(portals).endsWith("home:3260,1");
    }

    @Test
    void aCircleIsNoticed() throws Exception {
        attempt.begin();
        attempt.redirected(TargetAddress.parse("a:3260"), false);
        attempt.redirected(TargetAddress.parse("b:3260,7"), false);
        attempt.redirected(TargetAddress.parse("home,9"), false);
        assertFailed(Kind.MOVED, "circle");
        assertThat(portals).containsExactly("home:3260,1", "a:3260", "b:3260,7");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTION_REFUSED", "TIMEOUT", "UNKNOWN_HOST", "TARGET_UNAVAILABLE", "CONNECTION_LOST"})
    void aPortalThatIsOfNoUseLeadsHomeOnce(Kind kind) throws Exception {
        attempt.begin();
        attempt.redirected(TargetAddress.parse("a"), false);
        attempt.failed(new SessionException(kind, "first"));
        assertThat(failure).isNull();
        attempt.redirected(TargetAddress.parse("b"), false);
        attempt.failed(new SessionException(kind, "second"));
        assertFailed(kind, "second");
        assertThat(portals).containsExactly("home:3260,1", "a:3260", "home:3260,1", "b:3260");
    }

    @Test
    void homeThatSendsToTheSameUselessPortalAgain() throws Exception {
        attempt.begin();
        attempt.redirected(TargetAddress.parse("a"), false);
        attempt.failed(new SessionException(Kind.CONNECTION_REFUSED, "a is down"));
        attempt.redirected(TargetAddress.parse("a:3260"), false);
        assertFailed(Kind.CONNECTION_REFUSED, "a is down");
        assertThat(portals).hasSize(3);
    }

    @Test
    void credentialsThatAreWrongElsewhereAreNotTriedAtHome() throws Exception {
        attempt.begin();
        attempt.redirected(TargetAddress.parse("a"), false);
        attempt.failed(new SessionException(Kind.AUTHENTICATION, "wrong"));
        assertFailed(Kind.AUTHENTICATION, "wrong");
        assertThat(portals).hasSize(2);
    }

    @Test
    void homeThatFailsIsNotTriedTwice() {
        attempt.begin();
        attempt.failed(new SessionException(Kind.CONNECTION_REFUSED, "down"));
        assertFailed(Kind.CONNECTION_REFUSED, "down");
        assertThat(portals).hasSize(1);
    }

    @Test
    void aSecondTryGoesToTheSamePortalAndIsForgottenAtTheNext() throws NegotiationException {
        LoginParameters less = CONFIG.login().withAuthentication(CONFIG.login().authentication());
        attempt.begin();
        attempt.redirected(TargetAddress.parse("a"), false);
        attempt.refusedAsProposed(less);
        attempt.redirected(TargetAddress.parse("b"), false);
        assertThat(portals).containsExactly("home:3260,1", "a:3260", "a:3260", "b:3260");
        assertThat(logins).containsExactly(CONFIG.login(), CONFIG.login(), less, CONFIG.login());
        assertThat(logins.get(2)).isSameAs(less);
        assertThat(logins.get(3)).isSameAs(CONFIG.login());
    }

    private void assertFailed(Kind kind, String message) {
        assertThat(failure).isNotNull().hasMessageContaining(message);
        assertThat(failure).extracting(SessionException::kind).isEqualTo(kind);
    }
}
