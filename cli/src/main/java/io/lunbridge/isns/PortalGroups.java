package io.lunbridge.isns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes the portals of targets out of an answer's attributes. Those of the portal group objects count: each is one target at
 * one portal, and one without a tag says that the target is not to be had there (RFC 4171 section 3.4). What cannot be a
 * target, or not over TCP, is passed over.
 */
final class PortalGroups {

    private static final int MAX_NAME_BYTES = 223;
    private static final int MAX_16_BITS = 0xffff;

    private final Set<TargetPortal> portals = new LinkedHashSet<>();
    private String targetName = "";
    private String address = "";
    private int port = -1;
    private int portalGroupTag = -1;

    private PortalGroups() {}

    /** In the server's order, each once. */
    static List<TargetPortal> read(ByteBuffer attributes) throws IsnsException {
        PortalGroups groups = new PortalGroups();
        while (attributes.hasRemaining()) {
            int tag = IsnsAnswer.tag(attributes);
            groups.take(tag, IsnsAnswer.value(attributes));
        }
        groups.end();
        return new ArrayList<>(groups.portals);
    }

    private void take(int tag, ByteBuffer value) {
        switch (tag) {
            case Tags.GROUP_NODE_NAME -> {
                end();
                targetName = name(value);
            }
            case Tags.GROUP_ADDRESS -> address = IpText.of(value);
            // Above the port's 16 bits is one for UDP.
            case Tags.GROUP_PORT -> port = number(value);
            case Tags.GROUP_TAG -> portalGroupTag = number(value);
            default -> {}
        }
    }

    private void end() {
        boolean isWhole = !targetName.isEmpty()
                && !address.isEmpty()
                && port > 0
                && port <= MAX_16_BITS
                && portalGroupTag >= 0
                && portalGroupTag <= MAX_16_BITS;
        if (isWhole) {
            portals.add(new TargetPortal(targetName, address, port, portalGroupTag));
        }
        targetName = "";
        address = "";
        port = -1;
        portalGroupTag = -1;
    }

    private static int number(ByteBuffer value) {
        return value.remaining() == Integer.BYTES ? value.getInt() : -1;
    }

    /** As far as its first zero; empty if it is none that a file could have. */
    private static String name(ByteBuffer value) {
        int end = value.position();
        while (end < value.limit() && value.get(end) != 0) {
            end++;
        }
        String name = StandardCharsets.UTF_8.decode(value.limit(end)).toString();
        boolean isName = end <= MAX_NAME_BYTES && !name.startsWith(".");
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            isName &= character > ' ' && character != '/' && character != ',' && !Character.isISOControl(character);
        }
        return isName ? name : "";
    }
}
