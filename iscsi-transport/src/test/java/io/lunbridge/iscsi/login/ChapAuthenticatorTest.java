package io.lunbridge.iscsi.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.pdu.LoginStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CHAP step by step. The responses written out here were computed by another program. */
class ChapAuthenticatorTest {

    private static final String SECRET = "0123456789abcdef";
    private static final String CHALLENGE = "0x0102030405060708090a0b0c0d0e0f10";
    private static final String MD5 = "a1a62ba8a242daf2080b13526078a6b9";
    private static final ChapAccount OWN = account("alice", SECRET);
    private static final ChapAccount TARGET = account("storage", "fedcba9876543210");

    private ChapAuthentication authentication = oneWay(ChapAlgorithm.strongestFirst());
    private Authenticator authenticator = authentication.newAuthenticator();

    private static ChapAccount account(String name, String secret) {
        return new ChapAccount(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    private static ChapAuthentication oneWay(List<ChapAlgorithm> algorithms) {
        return new ChapAuthentication(OWN, null, algorithms, new Random(1));
    }

    private void use(ChapAuthentication other) {
        authentication = other;
        authenticator = other.newAuthenticator();
    }

    private void mutual() {
        use(new ChapAuthentication(OWN, TARGET, ChapAlgorithm.strongestFirst(), new Random(1)));
    }

    @ParameterizedTest
    @CsvSource({
        "8, ffd966625a38210bb1bd75792c526dfd97eb531b308689864cebaa5367f414eb",
        "7, 9c3ccdf860d675ef53e75e36364864b922ceb08ee52d1cd6b40a903866ac84a7",
        "6, 8d1834aeb6202e6ce2ac9dd1b8d5a15401e648c7",
        "5, " + MD5
    })
    void eachAlgorithmGivesItsResponse(int number, String response) throws Exception {
        assertThat(receive("AuthMethod=CHAP")).containsExactly(Map.entry("CHAP_A", "8,7,6,5"));
        assertThat(authenticator.isContent()).isFalse();

        assertThat(receive("CHAP_A=" + number, "CHAP_I=42", "CHAP_C=" + CHALLENGE))
                .containsExactly(Map.entry("CHAP_N", "alice"), Map.entry("CHAP_R", "0x" + response));
        assertThat(authenticator.isDone()).isTrue();
        assertThat(receive()).isEmpty();
    }

    @Test
    void base64IsAnsweredInBase64() throws Exception {
        receive("AuthMethod=CHAP");
        byte[] challenge = HexFormat.of().parseHex(CHALLENGE.substring(2));
        String text = "0b" + Base64.getEncoder().encodeToString(challenge);

        Map<String, String> answer = receive("CHAP_A=5", "CHAP_I=0x2A", "CHAP_C=" + text);

        String response = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(MD5));
        assertThat(answer).containsEntry("CHAP_R", "0b" + response);
    }

    @Test
    void oneWayTakesNoneAndMutualDoesNot() throws Exception {
        assertThat(authenticator.methods()).isEqualTo("CHAP,None");
        assertThat(receive("AuthMethod=None")).isEmpty();
        assertThat(authenticator.isDone()).isTrue();

        mutual();
        assertThat(authenticator.methods()).isEqualTo("CHAP");
        assertRefused("AuthMethod=None", "AuthMethod=None");
    }

    @Test
    void aTargetThatProvesItself() throws Exception {
        Map<String, String> own = toProof();
        assertThat(own.keySet()).containsExactly("CHAP_N", "CHAP_R", "CHAP_I", "CHAP_C");
        assertThat(authenticator.isContent()).isTrue();
        assertThat(authenticator.isDone()).isFalse();

        assertThat(receive("CHAP_N=storage", "CHAP_R=" + proof(TARGET, own))).isEmpty();
        assertThat(authenticator.isDone()).isTrue();
    }

    @Test
    void aTargetThatDoesNot() throws Exception {
        String right = proof(TARGET, toProof());
        assertRefused("no CHAP_N");
        assertRefused("no CHAP_R", "CHAP_N=storage");
        assertRefused("another CHAP name", "CHAP_N=alice", "CHAP_R=" + right);
        assertRefused("another CHAP name", "CHAP_N=" + "s".repeat(2000), "CHAP_R=" + right);
        assertRefused("does not prove itself", "CHAP_N=storage", "CHAP_R=" + right.substring(0, right.length() - 2));
        assertRefused("does not prove itself", "CHAP_N=storage", "CHAP_R=0x00");
        assertRefused("longer than 1024", "CHAP_N=storage", "CHAP_R=0x" + "00".repeat(1025));
        assertRefused("CHAP_C came", "CHAP_C=" + CHALLENGE, "CHAP_N=storage", "CHAP_R=" + right);
        assertThat(authenticator.isDone()).isFalse();
    }

    @Test
    void aTargetWithOurOwnSecret() throws Exception {
        Map<String, String> own = toProof();
        assertRefused("our own CHAP secret", "CHAP_N=storage", "CHAP_R=" + proof(OWN, own));
    }

    private Map<String, String> toProof() throws NegotiationException {
        mutual();
        receive("AuthMethod=CHAP");
        return receive("CHAP_A=7", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
    }

    private static String proof(ChapAccount account, Map<String, String> own) {
        byte[] challenge = HexFormat.of()
                .parseHex(Objects.requireNonNull(own.get("CHAP_C")).substring(2));
        int identifier = Integer.parseInt(Objects.requireNonNull(own.get("CHAP_I")));
        return "0x" + HexFormat.of().formatHex(account.response(ChapAlgorithm.SHA_256, identifier, challenge));
    }

    @Test
    void identifiersAndChallengesOfTheTwoDirectionsDiffer() throws Exception {
        mutual();
        for (int identifier = 0; identifier <= 255; identifier++) {
            authenticator = authentication.newAuthenticator();
            receive("AuthMethod=CHAP");
            String challenge = String.format("0x%032x", identifier + 1);
            Map<String, String> own = receive("CHAP_A=5", "CHAP_I=" + identifier, "CHAP_C=" + challenge);
            assertThat(Integer.parseInt(Objects.requireNonNull(own.get("CHAP_I"))))
                    .isBetween(0, 255)
                    .isNotEqualTo(identifier);
            assertThat(own.get("CHAP_C")).hasSize(34).isNotEqualTo(challenge);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0x01020304050607", "0x", "0b", "0bAQI=", "12345678901234567890", "", "0xzz0102030405060708"})
    void challengesThatAreNone(String challenge) throws Exception {
        receive("AuthMethod=CHAP");
        assertRefused("", "CHAP_A=5", "CHAP_I=1", "CHAP_C=" + challenge);
    }

    @Test
    void challengesAtTheBounds() throws Exception {
        for (String ok : List.of("0x" + "01".repeat(1024), "0x0102030405060708", "0x102030405060709", base64(1024))) {
            authenticator = authentication.newAuthenticator();
            receive("AuthMethod=CHAP");
            assertThat(receive("CHAP_A=5", "CHAP_I=255", "CHAP_C=" + ok)).containsKey("CHAP_R");
        }
        for (String tooLong : List.of("0x" + "01".repeat(1025), "0x" + "0".repeat(2049), base64(1025), base64(6000))) {
            authenticator = authentication.newAuthenticator();
            receive("AuthMethod=CHAP");
            assertRefused("longer than 1024", "CHAP_A=5", "CHAP_I=255", "CHAP_C=" + tooLong);
        }
    }

    private static String base64(int bytes) {
        byte[] challenge = new byte[bytes];
        Arrays.fill(challenge, (byte) 7);
        return "0b" + Base64.getEncoder().encodeToString(challenge);
    }

    @Test
    void zeroesRepetitionsAndReflections() throws Exception {
        Map<String, String> own = toProof();
        next();
        assertRefused("all zeroes", "CHAP_A=5", "CHAP_I=1", "CHAP_C=0x" + "00".repeat(16));
        next();
        assertRefused("repeats", "CHAP_A=5", "CHAP_I=9", "CHAP_C=" + CHALLENGE);
        next();
        assertRefused("our own challenge", "CHAP_A=7", "CHAP_I=" + own.get("CHAP_I"), "CHAP_C=" + own.get("CHAP_C"));
    }

    private void next() throws NegotiationException {
        authenticator = authentication.newAuthenticator();
        receive("AuthMethod=CHAP");
    }

    @Test
    void onlyTheLastChallengesAreRemembered() throws Exception {
        for (int i = 0; i <= ChallengeLog.MAX_CHALLENGES; i++) {
            next();
            receive("CHAP_A=5", "CHAP_I=1", "CHAP_C=" + String.format("0x%032x", i + 1));
        }
        next();
        assertRefused("repeats", "CHAP_A=5", "CHAP_I=1", "CHAP_C=" + String.format("0x%032x", 2));
        next();
        assertThat(receive("CHAP_A=5", "CHAP_I=1", "CHAP_C=" + String.format("0x%032x", 1)))
                .isNotEmpty();
    }

    @Test
    void keysOutOfOrder() throws Exception {
        assertRefused("CHAP_A came", "CHAP_A=5", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
        receive("AuthMethod=CHAP");
        assertRefused("AuthMethod came", "AuthMethod=CHAP");
        assertRefused("CHAP_N came", "CHAP_A=5", "CHAP_I=1", "CHAP_C=" + CHALLENGE, "CHAP_N=x", "CHAP_R=0x00");
        assertRefused("twice", "CHAP_A=5", "CHAP_A=5", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
        assertRefused("no CHAP_A");
        assertRefused("no CHAP_C", "CHAP_A=5", "CHAP_I=1");
        assertRefused("CHAP_I=256", "CHAP_A=5", "CHAP_I=256", "CHAP_C=" + CHALLENGE);
        assertRefused("CHAP_I=-1", "CHAP_A=5", "CHAP_I=-1", "CHAP_C=" + CHALLENGE);
        receive("CHAP_A=5", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
        assertRefused("CHAP_N came", "CHAP_N=storage", "CHAP_R=0x00");
    }

    @Test
    void aListThatIsRefusedIsFollowedByMd5Alone() throws Exception {
        assertThat(authenticator.secondTry()).isNull();
        receive("AuthMethod=CHAP");
        assertThat(authenticator.secondTry(LoginStatus.AUTHENTICATION_FAILURE)).isNotNull();
        assertThat(authenticator.secondTry(LoginStatus.NOT_FOUND)).isNull();
        assertRefused("CHAP_A=Reject", "CHAP_A=Reject");

        Authenticator second = Objects.requireNonNull(authenticator.secondTry()).newAuthenticator();
        authenticator = second;
        assertThat(receive("AuthMethod=CHAP")).containsExactly(Map.entry("CHAP_A", "5"));
        assertThat(authenticator.secondTry()).isNull();
    }

    @Test
    void aListThatWasAnsweredIsNotAtFault() throws Exception {
        receive("AuthMethod=CHAP");
        assertRefused("CHAP_A=9", "CHAP_A=9", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
        assertRefused("CHAP_N came", "CHAP_A=5", "CHAP_N=x", "CHAP_R=0x00");
        assertThat(authenticator.secondTry()).isNull();

        next();
        receive("CHAP_A=8", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
        assertThat(authenticator.secondTry()).isNull();
        assertThat(authenticator.secondTry(LoginStatus.AUTHENTICATION_FAILURE))
                .as("a wrong secret")
                .isNull();
        assertThat(authenticator.secondTry(LoginStatus.INITIATOR_ERROR))
                .as("a response that cannot be read")
                .isNotNull();
    }

    @Test
    void aListWithoutMd5StaysAsItIs() throws Exception {
        use(oneWay(List.of(ChapAlgorithm.SHA_256, ChapAlgorithm.SHA_1)));
        assertThat(receive("AuthMethod=CHAP")).containsExactly(Map.entry("CHAP_A", "7,6"));
        assertRefused("CHAP_A=5", "CHAP_A=5", "CHAP_I=1", "CHAP_C=" + CHALLENGE);
        use(oneWay(List.of(ChapAlgorithm.SHA_256)));
        receive("AuthMethod=CHAP");
        assertThat(authenticator.secondTry()).isNull();
    }

    @Test
    void credentialsThatCannotBe() {
        assertThatThrownBy(() -> account("", SECRET)).hasMessageContaining("user name");
        assertThatThrownBy(() -> account("x".repeat(256), SECRET)).hasMessageContaining("user name");
        assertThatThrownBy(() -> account("x", "")).hasMessageContaining("1 to 255");
        assertThatThrownBy(() -> account("x", SECRET.repeat(16)))
                .hasMessageContaining("1 to 255")
                .hasMessageNotContaining(SECRET);
        ChapAccount same = account("storage", SECRET);
        assertThatThrownBy(() -> new ChapAuthentication(OWN, same, ChapAlgorithm.strongestFirst(), new Random(1)))
                .hasMessageContaining("same")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void secretsAreInNoText() {
        mutual();
        LoginIdentity identity = new LoginIdentity("iqn.i", "iqn.t", 1, 0, 0);
        LoginParameters parameters =
                LoginParameters.unauthenticated(identity, KeyOffer.forSpeed()).withAuthentication(authentication);

        assertThat(List.of(OWN, TARGET, authentication, authenticator, parameters))
                .allSatisfy(object -> assertThat(object.toString())
                        .doesNotContain(SECRET)
                        .doesNotContain("fedcba9876543210")
                        .doesNotContain(HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.UTF_8))));
    }

    private Map<String, String> receive(String... pairs) throws NegotiationException {
        Map<String, String> answers = new LinkedHashMap<>();
        for (KeyValue answer : authenticator.receive(pairs(pairs))) {
            answers.put(answer.key(), answer.value());
        }
        return answers;
    }

    private static List<KeyValue> pairs(String... pairs) {
        return Arrays.stream(pairs)
                .map(pair -> pair.split("=", 2))
                .map(halves -> new KeyValue(halves[0], halves[1]))
                .toList();
    }

    private void assertRefused(String reason, String... pairs) {
        assertThatThrownBy(() -> authenticator.receive(pairs(pairs)))
                .isInstanceOf(NegotiationException.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining(SECRET);
    }
}
