package io.lunbridge.iscsi.discovery;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the answer to SendTargets (RFC 7143 appendix C): each TargetName is followed by its TargetAddresses. */
final class TargetList {

    private static final Logger LOG = LoggerFactory.getLogger(TargetList.class);
    private static final String NAME = Key.TARGET_NAME.text() + "=";
    private static final String ADDRESS = Key.TARGET_ADDRESS.text() + "=";

    private TargetList() {}

    /**
     * The targets, each once.
     *
     * @param asked the portal that answered: where a target is that names no address
     * @throws NegotiationException if the answer negotiates something, for which it is not the place; what is not known
     *     is passed over
     */
    static List<DiscoveredTarget> parse(ByteBuf text, TargetAddress asked) throws NegotiationException {
        Map<String, List<TargetAddress>> portals = new LinkedHashMap<>();
        List<TargetAddress> current = new ArrayList<>();
        for (String pair : text.toString(StandardCharsets.UTF_8).split("\0", -1)) {
            if (pair.startsWith(NAME)) {
                current = portals.computeIfAbsent(pair.substring(NAME.length()), name -> new ArrayList<>());
            } else if (pair.startsWith(ADDRESS)) {
                addAddress(current, pair.substring(ADDRESS.length()));
            } else {
                refuseNegotiation(pair);
            }
        }
        List<DiscoveredTarget> targets = new ArrayList<>();
        portals.forEach((name, addresses) ->
                targets.add(new DiscoveredTarget(name, addresses.isEmpty() ? List.of(asked) : addresses)));
        return targets;
    }

    private static void refuseNegotiation(String pair) throws NegotiationException {
        Key key = Key.named(pair.substring(0, Math.max(0, pair.indexOf('='))));
        if (key != null && key != Key.TARGET_ALIAS && key != Key.TARGET_PORTAL_GROUP_TAG) {
            throw new NegotiationException("the target answers SendTargets with " + key.text());
        }
    }

    /** One address that cannot be read does not make the others useless. */
    private static void addAddress(List<TargetAddress> addresses, String value) {
        try {
            TargetAddress address = TargetAddress.parse(value);
            if (!addresses.contains(address)) {
                addresses.add(address);
            }
        } catch (NegotiationException e) {
            LOG.warn("passing over an address: {}", e.getMessage());
        }
    }
}
