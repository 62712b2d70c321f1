package io.lunbridge.iscsi.discovery;

import io.lunbridge.iscsi.negotiation.TargetAddress;
import java.util.List;

/**
 * A target as SendTargets tells of it.
 *
 * @param name its iSCSI name
 * @param portals where it can be reached, with portal group tags, in the target's order; at least one
 */
public record DiscoveredTarget(String name, List<TargetAddress> portals) {

    public DiscoveredTarget {
        portals = List.copyOf(portals);
    }
}
