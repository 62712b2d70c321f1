package io.lunbridge.iscsi.login;

import io.lunbridge.iscsi.negotiation.BinaryValue;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.pdu.LoginStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CHAP in one login (RFC 7143 section 12.1.3).
 *
 * <pre>
 *  METHOD ──AuthMethod=CHAP──► ALGORITHM ──CHAP_A, _I, _C──► PROOF (mutual) ──CHAP_N, _R──► DONE
 *     └──AuthMethod=None (one-way only)──► DONE ◄── (one-way) ──┘
 * </pre>
 *
 * <p>Each step takes its keys and no others. What a message tells is never a response or a secret.
 */
final class ChapAuthenticator implements Authenticator {

    /** Most bytes of a challenge or a response. */
    static final int MAX_BINARY_BYTES = 1024;

    /** Fewest bytes of a challenge that is taken: no known target sends fewer than 16, and 64 bits come twice at times. */
    static final int MIN_CHALLENGE_BYTES = 8;

    private static final Logger LOG = LoggerFactory.getLogger(ChapAuthenticator.class);
    private static final int OWN_CHALLENGE_BYTES = 16;
    private static final int MAX_IDENTIFIER = 255;
    private static final String CHAP = "CHAP";
    private static final String NONE = "None";
    private static final String CHAP_A = "CHAP_A";
    private static final String CHAP_I = "CHAP_I";
    private static final String CHAP_C = "CHAP_C";
    private static final String CHAP_N = "CHAP_N";
    private static final String CHAP_R = "CHAP_R";

    /** How targets refuse a list of algorithms, besides by a Reject. */
    private static final Set<LoginStatus> LIST_REFUSALS = EnumSet.of(
            LoginStatus.INITIATOR_ERROR,
            LoginStatus.AUTHENTICATION_FAILURE,
            LoginStatus.MISSING_PARAMETER,
            LoginStatus.INVALID_DURING_LOGIN);

    /** What we wait for. */
    private enum Step {
        METHOD(List.of(Key.AUTH_METHOD.text())),
        ALGORITHM(List.of(CHAP_A, CHAP_I, CHAP_C)),
        PROOF(List.of(CHAP_N, CHAP_R)),
        DONE(List.of());

        @SuppressWarnings("ImmutableEnumChecker") // a list that cannot be changed
        private final List<String> keys;

        Step(List<String> keys) {
            this.keys = keys;
        }
    }

    private final ChapAuthentication authentication;
    private final byte[] ownChallenge = new byte[OWN_CHALLENGE_BYTES];

    private Step step = Step.METHOD;
    private boolean listRefused;
    private boolean responded;
    private int ownIdentifier;
    private ChapAlgorithm algorithm;

    ChapAuthenticator(ChapAuthentication authentication) {
        this.authentication = authentication;
        algorithm = authentication.algorithms().get(0);
    }

    @Override
    public String methods() {
        return authentication.target() == null ? CHAP + "," + NONE : CHAP;
    }

    @Override
    public List<KeyValue> receive(List<KeyValue> keys) throws NegotiationException {
        if (keys.isEmpty() && (step == Step.METHOD || step == Step.DONE)) {
            return List.of();
        }
        Map<String, KeyValue> byKey = byKey(keys);
        return switch (step) {
            case METHOD -> method(value(byKey, Key.AUTH_METHOD.text()).value());
            case ALGORITHM -> answerChallenge(byKey);
            case PROOF -> checkProof(value(byKey, CHAP_N).value(), value(byKey, CHAP_R));
            case DONE -> List.of();
        };
    }

    private Map<String, KeyValue> byKey(List<KeyValue> pairs) throws NegotiationException {
        Map<String, KeyValue> byKey = new HashMap<>();
        for (KeyValue pair : pairs) {
            if (!step.keys.contains(pair.key())) {
                throw new NegotiationException(pair.key() + " came where " + step.keys + " was due");
            }
            if (byKey.put(pair.key(), pair) != null) {
                throw new NegotiationException(pair.key() + " was sent twice");
            }
        }
        return byKey;
    }

    private KeyValue value(Map<String, KeyValue> byKey, String key) throws NegotiationException {
        KeyValue pair = byKey.get(key);
        if (pair == null) {
            throw new NegotiationException(
                    step == Step.PROOF ? "the target does not prove itself: no " + key : "no " + key + " came");
        }
        return pair;
    }

    private List<KeyValue> method(String method) throws NegotiationException {
        if (method.equals(CHAP)) {
            step = Step.ALGORITHM;
            return List.of(new KeyValue(CHAP_A, numbers()));
        }
        if (!method.equals(NONE) || authentication.target() != null) {
            throw new NegotiationException("the target answers AuthMethod=" + method + " to " + methods());
        }
        LOG.info("the target lets us in without CHAP");
        step = Step.DONE;
        return List.of();
    }

    private String numbers() {
        return authentication.algorithms().stream()
                .map(proposed -> Integer.toString(proposed.number()))
                .collect(Collectors.joining(","));
    }

    private List<KeyValue> answerChallenge(Map<String, KeyValue> byKey) throws NegotiationException {
        algorithm = chosen(value(byKey, CHAP_A));
        int identifier = value(byKey, CHAP_I).number(MAX_IDENTIFIER);
        BinaryValue challenge = BinaryValue.parse(value(byKey, CHAP_C), MAX_BINARY_BYTES);
        checkChallenge(challenge.bytes());
        ChapAccount own = authentication.own();
        byte[] response = own.response(algorithm, identifier, challenge.bytes());
        List<KeyValue> answers = new ArrayList<>();
        answers.add(new KeyValue(CHAP_N, own.name()));
        answers.add(binary(CHAP_R, response, challenge.isBase64()));
        step = Step.DONE;
        responded = true;
        if (authentication.target() != null) {
            step = Step.PROOF;
            challengeTarget(identifier);
            answers.add(new KeyValue(CHAP_I, Integer.toString(ownIdentifier)));
            answers.add(binary(CHAP_C, ownChallenge, challenge.isBase64()));
        }
        return answers;
    }

    private ChapAlgorithm chosen(KeyValue answer) throws NegotiationException {
        listRefused = answer.isRefusal() || answer.value().equals(NONE);
        if (!listRefused) {
            int number = answer.number(Integer.MAX_VALUE);
            for (ChapAlgorithm proposed : authentication.algorithms()) {
                if (proposed.number() == number) {
                    LOG.debug("CHAP with {}", proposed);
                    return proposed;
                }
            }
        }
        throw new NegotiationException("the target answers " + answer + " to " + numbers());
    }

    private void checkChallenge(byte[] challenge) throws NegotiationException {
        if (challenge.length < MIN_CHALLENGE_BYTES) {
            throw new NegotiationException("the target's challenge has " + challenge.length + " bytes only");
        }
        if (MessageDigest.isEqual(challenge, new byte[challenge.length])) {
            throw new NegotiationException("the target's challenge is all zeroes");
        }
        if (authentication.challenges().wasSent(challenge)) {
            throw new NegotiationException("the target sends our own challenge back");
        }
        if (!authentication.challenges().addReceived(challenge)) {
            throw new NegotiationException("the target repeats the challenge of an earlier login");
        }
    }

    private void challengeTarget(int targetsIdentifier) {
        authentication.random().nextBytes(ownChallenge);
        authentication.challenges().addSent(ownChallenge);
        ownIdentifier = (targetsIdentifier + 1 + authentication.random().nextInt(MAX_IDENTIFIER)) & MAX_IDENTIFIER;
    }

    private static KeyValue binary(String key, byte[] bytes, boolean base64) {
        return new KeyValue(key, new BinaryValue(bytes, base64).text());
    }

    private List<KeyValue> checkProof(String name, KeyValue proof) throws NegotiationException {
        ChapAccount target = authentication.target();
        if (target == null) {
            throw new IllegalStateException("no proof is wanted");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > ChapAccount.MAX_NAME_BYTES || !name.equals(target.name())) {
            throw new NegotiationException("the target has another CHAP name than '" + target.name() + "'");
        }
        byte[] response = BinaryValue.parse(proof, MAX_BINARY_BYTES).bytes();
        if (MessageDigest.isEqual(response, authentication.own().response(algorithm, ownIdentifier, ownChallenge))) {
            throw new NegotiationException("the target has our own CHAP secret; each direction must have its own");
        }
        if (!MessageDigest.isEqual(response, target.response(algorithm, ownIdentifier, ownChallenge))) {
            throw new NegotiationException("the target does not prove itself: its CHAP secret is not the one we have");
        }
        step = Step.DONE;
        return List.of();
    }

    @Override
    public boolean isContent() {
        return step == Step.DONE || step == Step.PROOF;
    }

    @Override
    public boolean isDone() {
        return step == Step.DONE;
    }

    @Override
    public Authenticator.@Nullable Factory secondTry() {
        return listRefused ? authentication.withMd5Alone() : null;
    }

    /**
     * The status tells a wrong secret from what the target cannot read: targets of the IET family, tgt among them, take 7
     * for SHA-1 and find our response too long.
     */
    @Override
    public Authenticator.@Nullable Factory secondTry(LoginStatus refusal) {
        boolean listAtFault = step == Step.ALGORITHM && LIST_REFUSALS.contains(refusal);
        boolean misread = responded && algorithm != ChapAlgorithm.MD5 && refusal == LoginStatus.INITIATOR_ERROR;
        return listAtFault || misread ? authentication.withMd5Alone() : null;
    }
}
