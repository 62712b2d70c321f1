package io.lunbridge.records;

import java.util.Map;

/** An iface: through what a session goes. The keys are those of section 2.8 of the inventory. */
public final class IfaceRecord extends StoredRecord<IfaceRecord> {

    /** Whatever way the routing takes; always there, never stored. */
    public static final IfaceRecord DEFAULT = named("default");

    /** iSER's; shown like the other, and of no use here. */
    public static final IfaceRecord ISER =
            new IfaceRecord(named("iser").values().put(IfaceKeys.TRANSPORT_NAME, "iser"));

    IfaceRecord(Values values) {
        super(values);
    }

    /** A new one, by TCP, with nothing else set. */
    public static IfaceRecord named(String name) {
        return new IfaceRecord(Values.presets(RecordKind.IFACE).put(IfaceKeys.NAME, name));
    }

    /** That of a node record. */
    static IfaceRecord of(Values node) {
        return new IfaceRecord(Values.presets(RecordKind.IFACE)
                .put(Map.of(IfaceKeys.NAME, node.value(IfaceKeys.NAME)))
                .put(node.startingWith("iface.")));
    }

    @Override
    IfaceRecord with(Values changed) {
        return new IfaceRecord(changed);
    }

    public String name() {
        return value(IfaceKeys.NAME);
    }

    public String transportName() {
        return value(IfaceKeys.TRANSPORT_NAME);
    }

    /** Whether it is one of those that are always there and cannot be changed: {@code default} and {@code iser}. */
    public boolean isBuiltIn() {
        return isBuiltIn(name());
    }

    static boolean isBuiltIn(String name) {
        return name.equals("default") || name.equals("iser");
    }
}
