package io.lunbridge.records;

import java.util.Map;

/** Where targets are asked for, and how (section 2.7 of the inventory): a SendTargets portal or an iSNS server. */
public final class DiscoveryRecord extends StoredRecord<DiscoveryRecord> {

    private final DiscoveryType type;

    DiscoveryRecord(DiscoveryType type, Values values) {
        super(values);
        this.type = type;
    }

    static RecordKind kind(DiscoveryType type) {
        return switch (type) {
            case SENDTARGETS -> RecordKind.SENDTARGETS;
            case ISNS -> RecordKind.ISNS;
            case STATIC, FIRMWARE -> throw new IllegalArgumentException(type.word() + " discovery has no record");
        };
    }

    @Override
    DiscoveryRecord with(Values changed) {
        return new DiscoveryRecord(type, changed);
    }

    /** At this place. */
    DiscoveryRecord at(String address, int port) {
        return with(values().put(Map.of(
                DiscoveryKeys.TYPE, type.word(),
                DiscoveryKeys.ADDRESS_KEY, address,
                DiscoveryKeys.PORT, Integer.toString(port))));
    }

    /** {@link DiscoveryType#SENDTARGETS} or {@link DiscoveryType#ISNS}. */
    public DiscoveryType type() {
        return type;
    }

    /** A host name or an address, IPv6 without brackets. */
    public String address() {
        return value(DiscoveryKeys.ADDRESS_KEY);
    }

    public int port() {
        return number(DiscoveryKeys.PORT);
    }
}
