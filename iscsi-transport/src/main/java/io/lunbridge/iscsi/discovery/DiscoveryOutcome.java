package io.lunbridge.iscsi.discovery;

import io.lunbridge.iscsi.session.IscsiException;
import java.util.List;

/** Told, on the event loop, once, what was found. */
public interface DiscoveryOutcome {

    /** In the order of the answer; may be empty. */
    void found(List<DiscoveredTarget> targets);

    void failed(IscsiException cause);
}
