package io.lunbridge.iscsi.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.negotiation.BinaryValue;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seeded nonsense, much of it near to sense, as a target's part of CHAP: nothing but {@link NegotiationException} comes out,
 * and nobody is trusted who cannot know the secret.
 */
@Tag("once")
class ChapFuzzTest {

    private static final long INPUTS = Long.parseLong(System.getenv().getOrDefault("LUNBRIDGE_FUZZ_INPUTS", "100000"));
    private static final int MOST_STEPS = 5;
    private static final String[] KEYS = {"AuthMethod", "CHAP_A", "CHAP_I", "CHAP_C", "CHAP_N", "CHAP_R", "CHAP_X"};
    private static final String[][] VALUES = {
        {"CHAP", "CHAP", "CHAP", "None", "Reject", "KRB5"},
        {"5", "6", "7", "8", "0x8", "Reject", "9", "5,6", "-1"},
        {"0", "1", "255", "256", "0xff", "one"},
        {"0x00112233445566778899aabbccddeeff", "0x00", "0bAAAA", "0b", "0x", "0xzz"},
        {"storage", "alice", ""},
        {"0x00112233445566778899aabbccddeeff", "0x", "0b=", "Reject"},
        {"1", ""}
    };

    private final Random random = new Random(7);
    private final ChapAuthentication oneWay = authentication(null);
    private final ChapAuthentication mutual = authentication(account("storage", "fedcba9876543210"));
    private long answered;
    private long refused;

    private static ChapAccount account(String name, String secret) {
        return new ChapAccount(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    private ChapAuthentication authentication(@Nullable ChapAccount target) {
        ChapAccount own = account("alice", "0123456789abcdef");
        return new ChapAuthentication(own, target, ChapAlgorithm.strongestFirst(), random);
    }

    @Test
    void anyKeysAreAnsweredOrRefused() {
        for (long n = 0; n < INPUTS; n++) {
            boolean isMutual = random.nextBoolean();
            Authenticator authenticator = (isMutual ? mutual : oneWay).newAuthenticator();
            converse(authenticator);
            if (isMutual && authenticator.isDone()) {
                throw new AssertionError("trusted in input " + n);
            }
        }
        assertThat(answered).as("challenges that were answered").isGreaterThan(INPUTS / 50);
        assertThat(refused).isGreaterThan(INPUTS / 4);
    }

    private void converse(Authenticator authenticator) {
        try {
            for (int step = 0; step < MOST_STEPS; step++) {
                List<KeyValue> answers = authenticator.receive(keys(step));
                answered += answers.size() > 1 ? 1 : 0;
                for (KeyValue answer : answers) {
                    if (answer.value().length() > 200) {
                        throw new AssertionError(answer.toString());
                    }
                }
            }
        } catch (NegotiationException e) {
            if (String.valueOf(e.getMessage()).matches(".*(?:0123456789abcdef|fedcba9876543210).*")) {
                throw new AssertionError(e);
            }
            refused++;
        }
    }

    /** What is due in that step, mostly; then some of it changed. */
    private List<KeyValue> keys(int step) {
        List<KeyValue> keys = new ArrayList<>();
        int[] due = step == 0 ? new int[] {0} : step == 1 ? new int[] {1, 2, 3} : new int[] {4, 5};
        for (int key : due) {
            if (random.nextInt(20) > 0) {
                keys.add(pair(key));
            }
        }
        if (random.nextInt(10) == 0) {
            keys.add(pair(random.nextInt(KEYS.length)));
        }
        return keys;
    }

    private KeyValue pair(int key) {
        String[] values = VALUES[key];
        String value = values[Math.min(random.nextInt(values.length), random.nextInt(values.length))];
        boolean isFresh = key == 3 && random.nextInt(4) > 0;
        return new KeyValue(KEYS[key], isFresh ? binary() : random.nextInt(20) == 0 ? changed(value) : value);
    }

    private String binary() {
        byte[] bytes = new byte[random.nextInt(64) == 0 ? random.nextInt(1200) : 4 + random.nextInt(40)];
        random.nextBytes(bytes);
        return new BinaryValue(bytes, random.nextBoolean()).text();
    }

    private String changed(String value) {
        int at = random.nextInt(value.length() + 1);
        char inserted = (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000);
        return value.substring(0, at) + inserted + value.substring(at);
    }
}
