package io.lunbridge.compliance;

/**
 * One test of the UNH-IOL suites for initiators.
 *
 * @param id as {@link io.lunbridge.conformance.Spec#unh()} names it
 * @param subject in our words
 * @param section of RFC 7143
 * @param applies how far it applies to an initiator with error recovery level 0 and one connection per session
 * @param reason why it does not apply as a whole; empty where it does
 */
record UnhTest(String id, String subject, String section, Applies applies, String reason) {

    /** How far a test applies. */
    enum Applies {
        WHOLE,
        /** In the form that the reason gives. */
        FALLBACK,
        NO
    }

    /** The suite, which is the id's first word. */
    String suite() {
        return id.substring(0, id.indexOf(' '));
    }
}
