package io.lunbridge.iscsi.negotiation;

import java.util.Arrays;
import java.util.List;

/** Answers to proposals and checks of answers, by the key's function (RFC 7143 sections 6.2.1 and 6.2.2). */
final class KeyRules {

    private static final String YES = "Yes";
    private static final String NO = "No";

    private KeyRules() {}

    /** What to answer to {@code theirs} if we want {@code ours}; the answer is the result unless it is Reject. */
    static String answer(Key key, String ours, String theirs) {
        return switch (key.function()) {
            case LIST -> firstSupported(ours, theirs);
            case AND -> isBoolean(theirs) ? yesIf(theirs.equals(YES) && ours.equals(YES)) : KeyValue.REJECT;
            case OR -> isBoolean(theirs) ? yesIf(theirs.equals(YES) || ours.equals(YES)) : KeyValue.REJECT;
            case MINIMUM, MAXIMUM -> number(key, ours, theirs);
            case DECLARED, REQUEST -> throw new AssertionError(key + " is not negotiated");
        };
    }

    /** The result of our proposal {@code ours} answered by {@code theirs}. */
    static String checkedAnswer(Key key, String ours, String theirs) throws NegotiationException {
        if (KeyValue.of(key, theirs).isRefusal()) {
            return defaultAfterRefusal(key, ours, theirs);
        }
        boolean valid = switch (key.function()) {
            case LIST -> values(ours).contains(theirs);
            case AND -> theirs.equals(NO) || (theirs.equals(YES) && ours.equals(YES));
            case OR -> theirs.equals(YES) || (theirs.equals(NO) && ours.equals(NO));
            case MINIMUM -> isAdmissible(key, theirs) && KeyBounds.number(theirs) <= KeyBounds.number(ours);
            case MAXIMUM -> isAdmissible(key, theirs) && KeyBounds.number(theirs) >= KeyBounds.number(ours);
            case DECLARED, REQUEST -> true;
        };
        if (!valid) {
            throw new NegotiationException(
                    "the answer " + key.text() + "=" + theirs + " is not possible, proposed was " + ours);
        }
        return theirs;
    }

    /**
     * A refused number or boolean stays at its default. A refused list means that the peer insists on something we did not
     * offer (a digest, say), and some targets then fall silent: better to fail now with the reason.
     */
    private static String defaultAfterRefusal(Key key, String ours, String theirs) throws NegotiationException {
        boolean list = key.function() == KeyFunction.LIST;
        if (list && (theirs.equals(KeyValue.REJECT) || !values(ours).contains(key.defaultValue()))) {
            throw new NegotiationException("the peer does not accept " + key.text() + "=" + ours);
        }
        return key.defaultValue();
    }

    /** Whether a proposal of {@code ours} settles the key by itself (section 6.2.2, Boolean negotiations). */
    static boolean needsNoAnswer(Key key, String ours) {
        return (key.function() == KeyFunction.AND && ours.equals(NO))
                || (key.function() == KeyFunction.OR && ours.equals(YES));
    }

    private static String firstSupported(String ours, String theirs) {
        List<String> supported = values(ours);
        return values(theirs).stream().filter(supported::contains).findFirst().orElse(KeyValue.REJECT);
    }

    private static String number(Key key, String ours, String theirs) {
        if (!isAdmissible(key, theirs)) {
            return KeyValue.REJECT;
        }
        long a = KeyBounds.number(ours);
        long b = KeyBounds.number(theirs);
        return Long.toString(key.function() == KeyFunction.MINIMUM ? Math.min(a, b) : Math.max(a, b));
    }

    private static boolean isAdmissible(Key key, String value) {
        return key.bounds().admits(KeyBounds.number(value));
    }

    private static boolean isBoolean(String value) {
        return value.equals(YES) || value.equals(NO);
    }

    private static String yesIf(boolean condition) {
        return condition ? YES : NO;
    }

    private static List<String> values(String list) {
        return Arrays.asList(list.split(",", -1));
    }
}
