package io.lunbridge.conformance;

import static io.lunbridge.scripted.ChapDialogue.CHALLENGE;
import static io.lunbridge.scripted.ChapDialogue.SECRET;
import static io.lunbridge.scripted.ChapDialogue.TARGET_SECRET;
import static io.lunbridge.scripted.ChapDialogue.TARGET_USER;
import static io.lunbridge.scripted.ChapDialogue.USER;
import static io.lunbridge.scripted.ChapDialogue.response;
import static io.lunbridge.scripted.ChapDialogue.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.ChapDialogue;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.TextKeys;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CHAP by which the target has to prove itself too, before the initiator sends anything else. */
class MutualChapTest {

    private static final int SHA_256 = 7;

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 8})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 1.1, 2.1, 4.1")
    void targetThatProvesItself(int algorithm) throws Exception {
        Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    TextKeys answer = chap.challenge(algorithm, 1, CHALLENGE);
                    assertThat(answer.value("CHAP_R")).isEqualTo(response(algorithm, 1, SECRET, CHALLENGE));
                    chap.letIn(ChapDialogue.proof(algorithm, answer));
                })
                .configured(ChapConfigs.mutual())
                .run((initiator, disk) -> assertThat(initiator.read(0, 512)).isEqualTo(disk.bytes(0, 512)));
    }

    @Test
    @Spec("RFC 7143 6.3")
    void targetThatProvesItselfBeforeItLeavesTheStage() throws Exception {
        Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    TextKeys answer = chap.challenge(SHA_256, 1, CHALLENGE);
                    assertThat(chap.exchange(ChapDialogue.proof(SHA_256, answer))
                                    .asMap())
                            .isEmpty();
                    chap.letIn(TextKeys.of());
                })
                .configured(ChapConfigs.mutual())
                .run((initiator, disk) -> initiator.flush());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 254, 255})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 2.6, 3.7")
    void initiatorsIdentifierAndChallengeAreItsOwn(int identifier) throws Exception {
        Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    TextKeys answer = chap.challenge(SHA_256, identifier, CHALLENGE);
                    assertThat(Integer.parseInt(value(answer, "CHAP_I")))
                            .isBetween(0, 255)
                            .isNotEqualTo(identifier);
                    assertThat(value(answer, "CHAP_C"))
                            .matches("0x(?!0+$)[0-9a-f]{32,2048}")
                            .isNotEqualTo(CHALLENGE);
                    chap.letIn(ChapDialogue.proof(SHA_256, answer));
                })
                .configured(ChapConfigs.mutual())
                .run((initiator, disk) -> {});
    }

    @ParameterizedTest
    @CsvSource({"CHAP 4.2, 255", "CHAP 4.3, 1"})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 4.2, 4.3")
    void namesOfAnyLength(String ignored, int length) throws Exception {
        String ours = "i".repeat(length);
        String theirs = "t".repeat(length);
        Conversation.of(named(ours, theirs))
                .configured(ChapConfigs.mutual(ours, theirs))
                .run((initiator, disk) -> {});
    }

    @Test
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 4.7")
    void bothSidesMayHaveTheSameName() throws Exception {
        Conversation.of(named("alike", "alike"))
                .configured(ChapConfigs.mutual("alike", "alike"))
                .run((initiator, disk) -> {});
    }

    /** Expects one name and gives another. */
    private static Script named(String ours, String theirs) {
        return peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            TextKeys answer = chap.challenge(SHA_256, 1, CHALLENGE);
            assertThat(answer.value("CHAP_N")).isEqualTo(ours);
            TextKeys proof = ChapDialogue.proof(SHA_256, answer);
            proof.put("CHAP_N", theirs);
            chap.letIn(proof);
        };
    }

    @Test
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 4.4")
    void nameThatIsTooLong() throws Exception {
        assertDistrusts(proof -> with(proof, "CHAP_N", "t".repeat(256)), "CHAP name");
        assertDistrusts(proof -> with(proof, "CHAP_N", "t".repeat(4000)), "CHAP name");
    }

    @Test
    @Spec(value = "RFC 7143 9.2", unh = "CHAP 4.6")
    void nameOfTheInitiatorReflected() throws Exception {
        assertDistrusts(proof -> with(proof, "CHAP_N", USER), "CHAP name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"somebody", "", "Target", "target "})
    @Spec(value = "RFC 7143 9.2", unh = "CHAP 4.8")
    void nameOfAnotherTarget(String name) throws Exception {
        assertDistrusts(proof -> with(proof, "CHAP_N", name), "CHAP name");
    }

    @Test
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 5.1")
    void responseThatIsWrong() throws Exception {
        assertDistrusts(proof -> with(proof, "CHAP_R", changed(value(proof, "CHAP_R"))), "prove itself");
        assertDistrusts(proof -> with(proof, "CHAP_R", "wrong"), "CHAP_R");
        assertDistrusts(proof -> with(proof, "CHAP_R", "0x" + "00".repeat(32)), "prove itself");
    }

    private static String changed(String hex) {
        return hex.substring(0, hex.length() - 1) + (hex.endsWith("0") ? "1" : "0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1025 - 32, 2000})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 5.2")
    void responseThatIsTooLong(int moreBytes) throws Exception {
        assertDistrusts(proof -> with(proof, "CHAP_R", value(proof, "CHAP_R") + "00".repeat(moreBytes)), "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16, 31})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 5.3")
    void responseThatIsTooShort(int bytes) throws Exception {
        assertDistrusts(proof -> with(proof, "CHAP_R", value(proof, "CHAP_R").substring(0, 2 + 2 * bytes)), "");
    }

    @Test
    @Spec("RFC 7143 9.2.1")
    void responseOfTheInitiatorsOwnSecret() throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    TextKeys answer = chap.challenge(SHA_256, 1, CHALLENGE);
                    int identifier = Integer.parseInt(value(answer, "CHAP_I"));
                    String own = response(SHA_256, identifier, SECRET, value(answer, "CHAP_C"));
                    chap.leaveStage(TextKeys.of("CHAP_N", TARGET_USER, "CHAP_R", own));
                    peer.expectEnd();
                })
                .configured(ChapConfigs.mutual())
                .runToRefusal();

        assertThat(refusal).hasMessageContaining("own CHAP secret").hasMessageNotContaining(SECRET);
    }

    @Test
    @Spec(value = "RFC 7143 9.2", unh = "CHAP 4.5")
    void proofThatDoesNotComeOrIsNotAlone() throws Exception {
        assertDistrusts(proof -> TextKeys.of(), "prove itself");
        assertDistrusts(proof -> TextKeys.of("CHAP_N", TARGET_USER), "prove itself");
        assertDistrusts(proof -> with(proof, "CHAP_A", "7"), "CHAP_A");
    }

    @Test
    @Spec("RFC 7143 12.1")
    void targetThatWouldDoWithoutProof() throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    ChapDialogue.on(peer).send(TextKeys.of("AuthMethod", "None"));
                    peer.expectEnd();
                })
                .configured(ChapConfigs.mutual())
                .runToRefusal();

        assertThat(refusal).hasMessageContaining("AuthMethod=None");
    }

    private static TextKeys with(TextKeys keys, String key, String value) {
        keys.put(key, value);
        return keys;
    }

    /** That the initiator ends the connection when the target's proof is changed in this way. */
    private static void assertDistrusts(Function<TextKeys, TextKeys> change, String reason) throws Exception {
        UnaryOperator<SessionConfig> mutual = ChapConfigs.mutual();
        Exception refusal = Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    TextKeys answer = chap.challenge(SHA_256, 1, CHALLENGE);
                    chap.leaveStage(change.apply(ChapDialogue.proof(SHA_256, answer)));
                    peer.expectEnd();
                })
                .configured(mutual)
                .runToRefusal();

        assertThat(refusal).hasMessageContaining(reason).hasMessageNotContaining(TARGET_SECRET);
    }
}
