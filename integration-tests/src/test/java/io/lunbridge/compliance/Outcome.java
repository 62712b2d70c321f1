package io.lunbridge.compliance;

/**
 * What came of a test.
 *
 * @param kind the result
 * @param complaint why, in one line; empty where it passed
 */
record Outcome(Kind kind, String complaint) {

    /** From the one that any other displaces to the one that displaces all others, where a test runs several times. */
    enum Kind {
        /** Cannot be said of this initiator. */
        NOT_APPLICABLE("not applicable"),
        PASSED("passed"),
        NOT_RUN("not run"),
        FAILED("failed");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static final Outcome PASSED = new Outcome(Kind.PASSED, "");
    static final Outcome NOT_RUN = new Outcome(Kind.NOT_RUN, "");

    /** The one of both that counts. */
    Outcome and(Outcome other) {
        return other.kind.compareTo(kind) > 0 ? other : this;
    }

    String text() {
        return kind.text();
    }
}
