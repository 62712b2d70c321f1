package io.lunbridge.scripted;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of the negotiation (RFC 7143 sections 6 and 13), for one connection: what it wants, and what came
 * of it. An initiator that offers a key twice fails the script (section 6.3, "a key can be negotiated once").
 */
public final class TargetKeys {

    private static final Set<String> DECLARATIONS =
            Set.of("InitiatorName", "InitiatorAlias", "SessionType", "TargetName", "MaxRecvDataSegmentLength");
    private static final Set<String> MINIMUM = Set.of(
            "MaxConnections",
            "FirstBurstLength",
            "MaxBurstLength",
            "DefaultTime2Retain",
            "MaxOutstandingR2T",
            "ErrorRecoveryLevel",
            "iSCSIProtocolLevel");
    private static final Set<String> MAXIMUM = Set.of("DefaultTime2Wait");
    private static final Set<String> OR = Set.of("InitialR2T", "DataPDUInOrder", "DataSequenceInOrder");
    private static final Set<String> AND = Set.of("ImmediateData");
    private static final Set<String> LISTS = Set.of("AuthMethod", "HeaderDigest", "DataDigest");

    private final Map<String, String> wanted = new LinkedHashMap<>();
    private final Map<String, String> forcedAnswers = new LinkedHashMap<>();
    private final Map<String, String> results = new LinkedHashMap<>();
    private final Set<String> offered = new HashSet<>();

    /** A target that resembles tgt: 8 KiB segments, 64 KiB first burst, 256 KiB bursts, one R2T at a time. */
    TargetKeys() {
        wanted.put("MaxConnections", "1");
        wanted.put("FirstBurstLength", "65536");
        wanted.put("MaxBurstLength", "262144");
        wanted.put("DefaultTime2Wait", "0");
        wanted.put("DefaultTime2Retain", "0");
        wanted.put("MaxOutstandingR2T", "1");
        wanted.put("ErrorRecoveryLevel", "0");
        wanted.put("iSCSIProtocolLevel", "1");
        wanted.put("InitialR2T", "Yes");
        wanted.put("ImmediateData", "Yes");
        wanted.put("DataPDUInOrder", "Yes");
        wanted.put("DataSequenceInOrder", "Yes");
        wanted.put("MaxRecvDataSegmentLength", "8192");
    }

    /** What this target wants a key to be; the answer follows from that and from the offer. */
    public TargetKeys want(String key, String value) {
        wanted.put(key, value);
        return this;
    }

    /** Answers an offer of {@code key} with {@code value}, whatever was offered; {@code Reject}, for one. */
    public TargetKeys answer(String key, String value) {
        forcedAnswers.put(key, value);
        return this;
    }

    /** The negotiated value, or what the initiator declared; this target's wish where it was never offered. */
    public String result(String key) {
        String value = results.getOrDefault(key, wanted.get(key));
        if (value == null) {
            throw new AssertionError("the initiator has not sent " + key);
        }
        return value;
    }

    public int number(String key) {
        return Integer.parseInt(result(key));
    }

    public boolean yes(String key) {
        return result(key).equals("Yes");
    }

    /** The MaxRecvDataSegmentLength that this target declares; {@link #result} has the initiator's. */
    public int declaredSegmentLimit() {
        return Integer.parseInt(wantedValue("MaxRecvDataSegmentLength"));
    }

    public boolean wasOffered(String key) {
        return offered.contains(key);
    }

    /** The answers to the keys of one login request. */
    public TextKeys answersTo(RawPdu request) {
        return answers(request.textKeys());
    }

    /** The answers to the keys of one login request, but for those that answer what this target offered. */
    public TextKeys answersTo(RawPdu request, TextKeys offeredByTarget) {
        TextKeys offer = new TextKeys();
        request.textKeys().asMap().forEach((key, value) -> {
            if (!offeredByTarget.has(key)) {
                offer.put(key, value);
            }
        });
        return answers(offer);
    }

    /** The answers to keys that may have come in several requests. */
    TextKeys answers(TextKeys offer) {
        TextKeys answers = new TextKeys();
        offer.asMap().forEach((key, value) -> {
            if (!offered.add(key)) {
                throw new AssertionError("key " + key + " negotiated twice");
            }
            String answer = forcedAnswers.containsKey(key) ? forcedAnswers.get(key) : answer(key, value, answers);
            if (answer != null) {
                answers.put(key, answer);
            }
        });
        return answers;
    }

    private @Nullable String answer(String key, String value, TextKeys answers) {
        if (DECLARATIONS.contains(key)) {
            results.put(key, value);
            if (key.equals("MaxRecvDataSegmentLength")) {
                answers.put(key, wantedValue(key));
            }
            return null;
        }
        String agreed = agreed(key, value);
        results.put(key, agreed);
        return agreed;
    }

    private String agreed(String key, String offer) {
        if (MINIMUM.contains(key)) {
            return Long.toString(Math.min(Long.parseLong(offer), Long.parseLong(wantedValue(key))));
        }
        if (MAXIMUM.contains(key)) {
            return Long.toString(Math.max(Long.parseLong(offer), Long.parseLong(wantedValue(key))));
        }
        if (OR.contains(key)) {
            return offer.equals("Yes") || wantedValue(key).equals("Yes") ? "Yes" : "No";
        }
        if (AND.contains(key)) {
            return offer.equals("Yes") && wantedValue(key).equals("Yes") ? "Yes" : "No";
        }
        return LISTS.contains(key) ? choice(key, offer) : "NotUnderstood";
    }

    /** What this target wants if it was offered; it wants None unless told otherwise. */
    private String choice(String key, String offer) {
        String wish = wanted.getOrDefault(key, "None");
        return Arrays.asList(offer.split(",")).contains(wish) ? wish : "Reject";
    }

    boolean isCrc32c(String key) {
        return results.getOrDefault(key, "None").equals("CRC32C");
    }

    private String wantedValue(String key) {
        return wanted.getOrDefault(key, "");
    }
}
