package io.lunbridge.records;

import java.util.Map;

/** The kinds of records, and which keys one of each has. */
enum RecordKind {
    NODE,
    IFACE,
    SENDTARGETS,
    ISNS;

    /** The keys of a record with these values: an iface's name decides on some of them. */
    KeyTable table(Map<String, String> values) {
        String ifaceName = values.getOrDefault(IfaceKeys.NAME, "default");
        return switch (this) {
            case NODE -> NodeKeys.of(ifaceName);
            case IFACE -> IfaceKeys.isIpv6(ifaceName) ? IfaceKeys.IPV6 : IfaceKeys.IPV4;
            case SENDTARGETS -> DiscoveryKeys.SENDTARGETS;
            case ISNS -> DiscoveryKeys.ISNS;
        };
    }
}
