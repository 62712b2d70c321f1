package io.lunbridge.conformance;

import static io.lunbridge.scripted.ChapDialogue.CHALLENGE;
import static io.lunbridge.scripted.ChapDialogue.SECRET;
import static io.lunbridge.scripted.ChapDialogue.USER;
import static io.lunbridge.scripted.ChapDialogue.challengeKeys;
import static io.lunbridge.scripted.ChapDialogue.response;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.ChapDialogue;
import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.TextKeys;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CHAP by which the initiator proves itself: what it answers to a challenge, and what it does not take for one. */
class ChapTest {

    private static final TextKeys NOTHING = TextKeys.of();

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 8})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 1.1, 4.1")
    void algorithmThatTheTargetChooses(int algorithm) throws Exception {
        Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    TextKeys answer = chap.challenge(algorithm, 1, CHALLENGE);
                    assertThat(answer.asMap())
                            .hasSize(2)
                            .containsEntry("CHAP_N", USER)
                            .containsEntry("CHAP_R", response(algorithm, 1, SECRET, CHALLENGE));
                    chap.letIn(NOTHING);
                })
                .configured(ChapConfigs.oneWay())
                .run((initiator, disk) -> assertThat(initiator.read(0, 512)).isEqualTo(disk.bytes(0, 512)));
    }

    @Test
    @Spec(value = "RFC 7143 12.1", unh = "Login 22.1")
    void nothingIsOfferedButNoneWithoutCredentials() throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    RawPdu first = peer.expect(Op.LOGIN);
                    assertThat(first.textKeys().value("AuthMethod")).isEqualTo("None");
                    LoginDialogue.on(peer)
                            .respond(first, 0, TextKeys.of("AuthMethod", "CHAP").encoded());
                    peer.expectEnd();
                })
                .runToRefusal();

        assertThat(refusal).hasMessageContaining("the target wants CHAP");
    }

    @Test
    @Spec("RFC 7143 12.1")
    void targetThatWantsNoProofGetsNone() throws Exception {
        Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    assertThat(chap.exchange(TextKeys.of("AuthMethod", "None")).asMap())
                            .isEmpty();
                    chap.letIn(NOTHING);
                })
                .configured(ChapConfigs.oneWay())
                .run((initiator, disk) -> initiator.flush());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "9", "255", "5,7", "-5"})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 1.2.1")
    void algorithmThatWasNotOffered(String algorithm) throws Exception {
        assertRefused(TextKeys.of("CHAP_A", algorithm, "CHAP_I", "1", "CHAP_C", CHALLENGE), "CHAP_A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MD5", "", "0b", "five", "0x5g"})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 1.2.2")
    void algorithmThatIsNoNumber(String algorithm) throws Exception {
        assertRefused(TextKeys.of("CHAP_A", algorithm, "CHAP_I", "1", "CHAP_C", CHALLENGE), "CHAP_A");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 2.1")
    void identifiers(int identifier) throws Exception {
        Conversation.of(answering(identifier, CHALLENGE, CHALLENGE))
                .configured(ChapConfigs.oneWay())
                .run((initiator, disk) -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"256", "-1", "one", "", "0x100", "99999999999999999999"})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 2.2")
    void identifierThatIsNone(String identifier) throws Exception {
        assertRefused(challengeKeys(5, identifier, CHALLENGE), "CHAP_I");
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1023, 50, 16})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 3.1")
    void challengesOfAllLengths(int bytes) throws Exception {
        String hex = "0x" + "c5".repeat(bytes);
        Conversation.of(answering(9, hex, hex)).configured(ChapConfigs.oneWay()).run((initiator, disk) -> {});
    }

    @Test
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 3.2")
    void smallChallenge() throws Exception {
        Conversation.of(answering(9, "0X0102030405060708", "0x0102030405060708"))
                .configured(ChapConfigs.oneWay())
                .run((initiator, disk) -> {});
    }

    @Test
    @Spec("RFC 7143 6.1")
    void hexadecimalChallengeOfAnOddNumberOfDigits() throws Exception {
        Conversation.of(answering(9, "0x1a2b3c4d5e6f7a8b9", "0x01a2b3c4d5e6f7a8b9"))
                .configured(ChapConfigs.oneWay())
                .run((initiator, disk) -> {});
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 50, 1024})
    @Spec("RFC 7143 6.1")
    void challengeInBase64(int bytes) throws Exception {
        String hex = "0x" + "5c".repeat(bytes);
        byte[] challenge = HexFormat.of().parseHex(hex.substring(2));
        Conversation.of(peer -> {
                    ChapDialogue chap = ChapDialogue.on(peer);
                    String base64 = "0b" + Base64.getEncoder().encodeToString(challenge);
                    String answer = ChapDialogue.value(chap.challenge(7, 3, base64), "CHAP_R");
                    byte[] got = answer.startsWith("0b")
                            ? Base64.getDecoder().decode(answer.substring(2))
                            : HexFormat.of().parseHex(answer.substring(2));
                    assertThat("0x" + HexFormat.of().formatHex(got)).isEqualTo(response(7, 3, SECRET, hex));
                    chap.letIn(NOTHING);
                })
                .configured(ChapConfigs.oneWay())
                .run((initiator, disk) -> {});
    }

    /** Sends {@code sent} as the challenge and expects the response to {@code meant}. */
    private static Script answering(int identifier, String sent, String meant) {
        return peer -> {
            ChapDialogue chap = ChapDialogue.on(peer);
            TextKeys answer = chap.challenge(7, identifier, sent);
            assertThat(answer.value("CHAP_R")).isEqualTo(response(7, identifier, SECRET, meant));
            chap.letIn(NOTHING);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1025, 2000, 3000})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 3.3")
    void challengeThatIsTooLong(int bytes) throws Exception {
        assertRefused(challengeKeys(5, "1", "0x" + "c5".repeat(bytes)), "1024");
        String base64 = Base64.getEncoder().encodeToString(new byte[bytes]);
        assertRefused(challengeKeys(5, "1", "0b" + base64), "1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x", "0b", "", "0x01", "0x01020304050607", "0bAAAA"})
    @Spec(value = "RFC 7143 12.1.3", unh = "CHAP 3.4")
    void challengeThatIsTooSmall(String challenge) throws Exception {
        assertRefused(challengeKeys(5, "1", challenge), "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x00000000000000000000000000000000",
                "0bAAAAAAAAAAAAAAAAAAAAAA==",
                "1f2e3d4c5b6a79880716253443526170",
                "0x1f2e3d4c5b6a798807162534435261xy",
                "0b*******************="
            })
    @Spec("RFC 7143 12.1.3")
    void challengeThatIsNone(String challenge) throws Exception {
        assertRefused(challengeKeys(5, "1", challenge), "");
    }

    @ParameterizedTest
    @CsvSource({
        "CHAP_A, 1.3",
        "CHAP_I, 2.3",
        "CHAP_C, 3.5",
    })
    @Spec(value = "RFC 7143 9.2", unh = "CHAP 1.3, 2.3, 3.5")
    void keyOutOfOrder(String key, String ignored) throws Exception {
        TextKeys whole = challengeKeys(5, "1", CHALLENGE);
        TextKeys alone = TextKeys.of(key, ChapDialogue.value(whole, key));
        TextKeys early = TextKeys.of("AuthMethod", "CHAP");
        early.putAll(alone);

        assertEndsIt(chap -> chap.send(early));
        assertEndsIt(chap -> {
            var unused = chap.algorithms();
            chap.send(alone);
        });
        assertEndsIt(chap -> {
            var unused = chap.challenge(5, 1, CHALLENGE);
            chap.send(alone);
        });
    }

    @Test
    @Spec(value = "RFC 7143 9.2", unh = "CHAP 4.5")
    void proofThatNobodyAskedFor() throws Exception {
        TextKeys proof = TextKeys.of("CHAP_N", "target", "CHAP_R", response(5, 1, "secret", CHALLENGE));
        TextKeys both = challengeKeys(5, "1", CHALLENGE);
        both.putAll(proof);

        assertRefused(both, "CHAP_");
        assertEndsIt(chap -> chap.send(proof));
        assertEndsIt(chap -> {
            var unused = chap.challenge(5, 1, CHALLENGE);
            chap.leaveStage(proof);
        });
    }

    /** What the target does until the initiator has to end the connection. */
    @FunctionalInterface
    private interface Breach {
        void on(ChapDialogue chap) throws IOException;
    }

    private static void assertRefused(TextKeys instead, String reason) throws Exception {
        Exception refusal = assertEndsIt(chap -> {
            var unused = chap.algorithms();
            chap.send(instead);
        });
        assertThat(refusal).hasMessageContaining(reason).hasMessageNotContaining(SECRET);
    }

    private static Exception assertEndsIt(Breach breach) throws Exception {
        return Conversation.of(peer -> {
                    breach.on(ChapDialogue.on(peer));
                    peer.expectEnd();
                })
                .configured(ChapConfigs.oneWay())
                .runToRefusal();
    }
}
