package io.lunbridge.compliance;

import java.util.Set;

/** Tests of the catalogue that have none of ours yet. Empty when the initiator is complete. */
final class NotYet {

    static final Set<String> IDS = Set.of(
            "FFP 2.2",
            "FFP 14.2",
            "FFP 18.3.1",
            "FFP 18.3.2",
            "FFP 18.4",
            "FFP 18.5",
            "FFP 19.1",
            "FFP 19.2",
            "FFP 19.3",
            "FFP 19.4.1",
            "FFP 19.4.2",
            "FFP 19.4.3",
            "FFP 20.2",
            "FFP 20.3",
            "FFP 20.4");

    private NotYet() {}
}
