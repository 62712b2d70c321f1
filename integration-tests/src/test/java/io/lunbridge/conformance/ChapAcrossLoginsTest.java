package io.lunbridge.conformance;

import static io.lunbridge.scripted.ChapDialogue.CHALLENGE;
import static io.lunbridge.scripted.ChapDialogue.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.ChapDialogue;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.TextKeys;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one login means to the next, or to another one at the same time; and the second login with less. */
class ChapAcrossLoginsTest {

    private static final int SHA_256 = 7;
    private static final String OTHER_CHALLENGE = "0x101112131415161718191a1b1c1d1e1f";

    private final Queue<TextKeys> answers = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void onlyOurs() {
        assumeTrue(Contestant.current() == Contestant.LUNBRIDGE, "needs credentials that others cannot be told");
    }

    /** A good target; its challenge and the initiator's answer are remembered. */
    private Script good(int identifier, String challenge) {
        return peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            TextKeys answer = chap.challenge(SHA_256, identifier, challenge);
            answers.add(answer);
            chap.letIn(answer.has("CHAP_C") ? ChapDialogue.proof(SHA_256, answer) : TextKeys.of());
        };
    }

    /** A target whose challenge must not be answered. */
    private static Script unanswered(String identifier, String challenge) {
        return peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            var unused = chap.algorithms();
            chap.send(ChapDialogue.challengeKeys(SHA_256, identifier, challenge));
            peer.expectEnd();
        };
    }

    @Test
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 2.4")
    void identifierMayComeAgainWithAnotherChallenge() throws Exception {
        UnaryOperator<SessionConfig> config = ChapConfigs.oneWay();
        try (ScriptedTarget target = ScriptedTarget.playing(good(5, CHALLENGE), good(5, OTHER_CHALLENGE))) {
            openAndClose(target, config);
            openAndClose(target, config);
            target.assertPlayed();
        }
    }

    @Test
    @Spec(value = "RFC 7143 9.2.1", unh = "CHAP 3.6.2")
    void challengeOfAnEarlierLoginIsNotAnswered() throws Exception {
        UnaryOperator<SessionConfig> config = ChapConfigs.oneWay();
        try (ScriptedTarget target = ScriptedTarget.playing(good(5, CHALLENGE), unanswered("6", CHALLENGE))) {
            openAndClose(target, config);
            assertThat(refusal(target, config)).hasMessageContaining("repeats");
            target.assertPlayed();
        }
    }

    @Test
    @Spec(value = "RFC 7143 9.2.1", unh = "CHAP 2.5, 3.8")
    void challengeOfTheInitiatorsIsNotAnsweredWhenReflected() throws Exception {
        UnaryOperator<SessionConfig> config = ChapConfigs.mutual();
        Script reflecting = peer -> {
            TextKeys own = answers.element();
            unanswered(value(own, "CHAP_I"), value(own, "CHAP_C")).play(peer);
        };
        try (ScriptedTarget target = ScriptedTarget.playing(good(5, CHALLENGE), reflecting)) {
            openAndClose(target, config);
            assertThat(refusal(target, config)).hasMessageContaining("our own challenge");
            target.assertPlayed();
        }
    }

    @Test
    @Spec(value = "RFC 7143 9.2.1", unh = "CHAP 3.6.4")
    void challengesOfTheInitiatorsDiffer() throws Exception {
        UnaryOperator<SessionConfig> config = ChapConfigs.mutual();
        try (ScriptedTarget target = ScriptedTarget.playing(good(5, CHALLENGE), good(5, OTHER_CHALLENGE))) {
            openAndClose(target, config);
            openAndClose(target, config);
            target.assertPlayed();
        }
        assertThat(answers.stream().map(answer -> value(answer, "CHAP_C")))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    @Spec(value = "RFC 7143 9.2.1", unh = "CHAP 3.6.1")
    void challengeOfALoginAtTheSameTimeIsNotAnswered() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        Script script = peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            var unused = chap.algorithms();
            meet(together);
            chap.send(ChapDialogue.challengeKeys(SHA_256, "1", CHALLENGE));
            if (peer.nextOrEnd() != null) {
                answers.add(TextKeys.of());
            }
        };
        List<CompletableFuture<@Nullable Exception>> logins = atTheSameTime(ChapConfigs.oneWay(), script, script);

        assertThat(answers).hasSize(1);
        assertThat(logins.stream().filter(login -> String.valueOf(login.join()).contains("repeats")))
                .hasSize(1);
    }

    @Test
    @Spec(value = "RFC 7143 9.2.1", unh = "CHAP 3.6.3")
    void challengesOfTheInitiatorsDifferAtTheSameTime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        List<CompletableFuture<@Nullable Exception>> logins = atTheSameTime(
                ChapConfigs.mutual(), after(together, good(5, CHALLENGE)), after(together, good(5, OTHER_CHALLENGE)));

        assertThat(logins).allSatisfy(login -> assertThat(login.join()).isNull());
        assertThat(answers.stream().map(answer -> value(answer, "CHAP_C")))
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    private static Script after(CyclicBarrier together, Script script) {
        return peer -> {
            meet(together);
            script.play(peer);
        };
    }

    private static void meet(CyclicBarrier together) throws IOException {
        try {
            together.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    private static List<CompletableFuture<@Nullable Exception>> atTheSameTime(
            UnaryOperator<SessionConfig> config, Script first, Script second) {
        try (ScriptedTarget target = ScriptedTarget.playing(first, second)) {
            List<CompletableFuture<@Nullable Exception>> logins = List.of(
                    CompletableFuture.supplyAsync(() -> catchException(() -> openAndClose(target, config))),
                    CompletableFuture.supplyAsync(() -> catchException(() -> openAndClose(target, config))));
            logins.forEach(CompletableFuture::join);
            target.assertPlayed();
            return logins;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Reject", "None", "NotUnderstood"})
    @Spec("RFC 7143 12.1.3")
    void listThatIsRefusedIsFollowedByMd5Alone(String answer) throws Exception {
        Script refusing = peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            assertThat(chap.algorithms()).isEqualTo("8,7,6,5");
            chap.send(TextKeys.of("CHAP_A", answer));
            peer.expectEnd();
        };
        assertSecondLoginWithMd5(refusing);
    }

    @Test
    @Spec("RFC 7143 12.1.3")
    void listThatIsRefusedByStatusIsFollowedByMd5Alone() throws Exception {
        assertSecondLoginWithMd5(peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            var unused = chap.algorithms();
            chap.refuse(2, 1);
        });
    }

    private static void assertSecondLoginWithMd5(Script first) throws Exception {
        Script second = peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            assertThat(chap.algorithms()).isEqualTo("5");
            TextKeys answer = chap.exchange(ChapDialogue.challengeKeys(5, "1", CHALLENGE));
            assertThat(answer.value("CHAP_R")).isEqualTo(ChapDialogue.response(5, 1, ChapDialogue.SECRET, CHALLENGE));
            chap.letIn(TextKeys.of());
        };
        try (ScriptedTarget target = ScriptedTarget.playing(first, second)) {
            openAndClose(target, ChapConfigs.oneWay());
            target.assertPlayed();
        }
    }

    @Test
    @Spec("RFC 7143 12.1.3")
    void listThatTheUserHasFixedIsNotChanged() throws Exception {
        Script refusing = peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            assertThat(chap.algorithms()).isEqualTo("7,6");
            chap.refuse(2, 1);
        };
        assertOneLogin(ChapConfigs.oneWay(List.of(ChapAlgorithm.SHA_256, ChapAlgorithm.SHA_1)), refusing);
    }

    @Test
    @Spec("RFC 7143 12.1.3")
    void wrongSecretIsNotTriedTwice() throws Exception {
        assertOneLogin(ChapConfigs.oneWay(), peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            var unused = chap.challenge(SHA_256, 1, CHALLENGE);
            chap.refuse(2, 1);
        });
    }

    private static void assertOneLogin(UnaryOperator<SessionConfig> config, Script script) {
        try (ScriptedTarget target = ScriptedTarget.playing(script)) {
            assertThat(refusal(target, config)).hasMessageContaining("authentication failed");
            target.assertPlayed();
            assertThat(target.connectionCount()).isEqualTo(1);
        }
    }

    private static void openAndClose(ScriptedTarget target, UnaryOperator<SessionConfig> config) throws Exception {
        Initiator.open(target, config).close();
    }

    private static Exception refusal(ScriptedTarget target, UnaryOperator<SessionConfig> config) {
        return catchException(() -> openAndClose(target, config));
    }
}
