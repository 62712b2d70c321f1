package io.lunbridge.scripted;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The target's side of CHAP, step by step (RFC 7143 section 12.1.3, RFC 1994). In the security stage, nothing is taken but
 * names and the keys of the authentication: an operational key in it fails the script.
 */
public final class ChapDialogue {

    public static final String USER = "initiator";
    public static final String SECRET = "initiator's secret";
    public static final String TARGET_USER = "target";
    public static final String TARGET_SECRET = "target's secret";

    /** A good challenge. */
    public static final String CHALLENGE = "0x1f2e3d4c5b6a79880716253443526170";

    private static final int TRANSIT_TO_OPERATIONAL = LoginDialogue.TRANSIT | LoginDialogue.OPERATIONAL;
    private static final Map<Integer, String> HASHES = Map.of(5, "MD5", 6, "SHA-1", 7, "SHA-256", 8, "SHA3-256");
    private static final List<String> EXPECTED =
            List.of("InitiatorName", "InitiatorAlias", "TargetName", "SessionType", "AuthMethod");

    private final Peer peer;
    private final LoginDialogue login;
    private RawPdu request;

    private ChapDialogue(Peer peer) throws IOException {
        this.peer = peer;
        login = LoginDialogue.on(peer);
        request = next();
    }

    /** Takes the first request, which has to offer CHAP. */
    public static ChapDialogue on(Peer peer) throws IOException {
        ChapDialogue dialogue = new ChapDialogue(peer);
        String methods = String.valueOf(dialogue.request.textKeys().value("AuthMethod"));
        if (!List.of(methods.split(",")).contains("CHAP")) {
            throw new AssertionError("CHAP is not offered: " + methods);
        }
        return dialogue;
    }

    /** Chooses CHAP and returns the list of algorithms that comes in answer. */
    public String algorithms() throws IOException {
        return value(exchange(TextKeys.of("AuthMethod", "CHAP")), "CHAP_A");
    }

    /** Chooses CHAP, takes the algorithms and sends a challenge; returns the answer. */
    public TextKeys challenge(int algorithm, int identifier, String challenge) throws IOException {
        String offered = algorithms();
        if (!List.of(offered.split(",")).contains(Integer.toString(algorithm))) {
            throw new AssertionError("algorithm " + algorithm + " is not in " + offered);
        }
        return exchange(challengeKeys(algorithm, Integer.toString(identifier), challenge));
    }

    public static TextKeys challengeKeys(int algorithm, String identifier, String challenge) {
        return TextKeys.of("CHAP_A", Integer.toString(algorithm), "CHAP_I", identifier, "CHAP_C", challenge);
    }

    /** Answers the last request and returns the next one's keys. */
    public TextKeys exchange(TextKeys keys) throws IOException {
        send(keys);
        request = next();
        return request.textKeys();
    }

    /** Answers the last request, without leaving the stage. */
    public void send(TextKeys keys) throws IOException {
        login.respond(request, 0, keys.encoded());
    }

    /** Answers the last request, which has to ask for it, with the transit to the operational stage. */
    public void leaveStage(TextKeys keys) throws IOException {
        if ((request.flags() & 0x8f) != TRANSIT_TO_OPERATIONAL) {
            throw new AssertionError("the transit is not asked for: " + request);
        }
        login.respond(request, TRANSIT_TO_OPERATIONAL, keys.encoded());
    }

    /** Lets the initiator in: the rest of the login, and then whatever it wants. */
    public void letIn(TextKeys keys) throws IOException {
        leaveStage(keys);
        login.run();
        peer.serveToEnd();
    }

    /** Sends the initiator elsewhere (section 11.13.5). */
    public void redirect(String targetAddress) throws IOException {
        login.redirect(request, 1, targetAddress);
        peer.expectEnd();
    }

    /** Refuses the login (section 11.13.5). */
    public void refuse(int statusClass, int detail) throws IOException {
        login.refuse(request, statusClass, detail);
        peer.expectEnd();
    }

    /** The keys by which the target proves itself. */
    public static TextKeys proof(int algorithm, TextKeys challenge) {
        int identifier = Integer.parseInt(value(challenge, "CHAP_I"));
        return TextKeys.of(
                "CHAP_N",
                TARGET_USER,
                "CHAP_R",
                response(algorithm, identifier, TARGET_SECRET, value(challenge, "CHAP_C")));
    }

    /** What the secret makes of the identifier and a challenge, in hexadecimal digits as that. */
    public static String response(int algorithm, int identifier, String secret, String challenge) {
        try {
            MessageDigest hash = MessageDigest.getInstance(Objects.requireNonNull(HASHES.get(algorithm)));
            hash.update(new byte[] {(byte) identifier});
            hash.update(secret.getBytes(StandardCharsets.UTF_8));
            hash.update(HexFormat.of().parseHex(challenge.substring(2)));
            return "0x" + HexFormat.of().formatHex(hash.digest());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of a key that has to be there. */
    public static String value(TextKeys keys, String key) {
        String value = keys.value(key);
        if (value == null) {
            throw new AssertionError("no " + key + " in " + keys);
        }
        return value;
    }

    private RawPdu next() throws IOException {
        RawPdu next = login.request();
        if (LoginDialogue.currentStage(next) != LoginDialogue.SECURITY) {
            throw new AssertionError("the security stage is left: " + next);
        }
        for (String key : next.textKeys().asMap().keySet()) {
            if (!EXPECTED.contains(key) && !key.startsWith("CHAP_")) {
                throw new AssertionError(key + " in the security stage");
            }
        }
        return next;
    }
}
