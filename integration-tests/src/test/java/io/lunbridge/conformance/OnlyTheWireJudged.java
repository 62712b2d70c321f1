package io.lunbridge.conformance;

import org.opentest4j.TestAbortedException;

/** The script was played to its end by another's initiator; what our test would ask of the product, cannot be asked. */
public final class OnlyTheWireJudged extends TestAbortedException {

    private static final long serialVersionUID = 1;

    OnlyTheWireJudged() {
        super("played to its end");
    }
}
