package io.lunbridge.records;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A portal of a target through an iface (S-44), with the settings of its sessions. Its {@code iface.} values are a copy
 * of the iface's record made when it was bound.
 */
public final class NodeRecord extends StoredRecord<NodeRecord> {

    /** The tpgt of a portal whose portal group nobody told: such a record is stored in open-iscsi's old layout. */
    public static final int UNKNOWN_TPGT = -1;

    private final @Nullable Path place;

    /** @param place the file that it was read from; null for a new one */
    NodeRecord(Values values, @Nullable Path place) {
        super(values);
        this.place = place;
    }

    @Override
    NodeRecord with(Values changed) {
        return new NodeRecord(changed, place);
    }

    @Nullable
    Path place() {
        return place;
    }

    public String targetName() {
        return value(NodeKeys.NAME);
    }

    /** The target portal group tag; {@link #UNKNOWN_TPGT} if nobody told. */
    public int tpgt() {
        return number(NodeKeys.TPGT);
    }

    /** A host name or an address, IPv6 without brackets. */
    public String address() {
        return value(NodeKeys.ADDRESS_KEY);
    }

    public int port() {
        return number(NodeKeys.PORT);
    }

    public String ifaceName() {
        return value(IfaceKeys.NAME);
    }

    public IfaceRecord iface() {
        return IfaceRecord.of(values());
    }

    /** Bound to an iface as it is now. */
    public NodeRecord withIface(IfaceRecord iface) {
        Values bound = values().without("iface.").put(iface.values().startingWith("iface."));
        return new NodeRecord(bound, iface.name().equals(ifaceName()) ? place : null);
    }

    /** By what it was found. */
    public DiscoveryType discoveryType() {
        return DiscoveryType.ofNode(value(NodeKeys.DISCOVERY_TYPE));
    }

    /** Who told of it; empty where nobody did. */
    public String discoveryAddress() {
        return value(NodeKeys.DISCOVERY_ADDRESS);
    }

    public int discoveryPort() {
        return number(NodeKeys.DISCOVERY_PORT);
    }

    /** Found by this discovery. */
    public NodeRecord foundBy(DiscoveryType type, String address, int port) {
        return with(values().put(Map.of(
                NodeKeys.DISCOVERY_TYPE, type.nodeWord(),
                NodeKeys.DISCOVERY_ADDRESS, address,
                NodeKeys.DISCOVERY_PORT, Integer.toString(port))));
    }
}
