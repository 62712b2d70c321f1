package io.lunbridge.sessions;

import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.SessionIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the next process has to know of a session.
 *
 * @param node its number and its record
 * @param identity who it is for the target
 * @param luns the numbers of all LUNs that were seen, disks or not, in order
 */
record SessionNote(NodeSettings node, SessionIdentity identity, Phase phase, List<Integer> luns) {

    /** How far a session is. */
    enum Phase {
        /** Logged in; its LUNs are still to be attached. */
        SCANNING,
        /** Logged in, and all is attached that was to be attached. */
        UP,
        /** It is to be logged out of. */
        LEAVING
    }

    /** Of the file's form; raised when a key changes its meaning, not when one is added. */
    private static final int VERSION = 1;

    SessionNote {
        luns = luns.stream().sorted().distinct().toList();
    }

    SessionNote with(Phase newPhase) {
        return new SessionNote(node, identity, newPhase, luns);
    }

    /** The same with these LUNs and no others. */
    SessionNote withLuns(List<Integer> only) {
        return new SessionNote(node, identity, phase, only);
    }

    /** The same with more LUNs. */
    SessionNote plus(Collection<Integer> more) {
        List<Integer> all = new ArrayList<>(luns);
        all.addAll(more);
        return new SessionNote(node, identity, phase, all);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", VERSION);
        map.put("sid", node.sid());
        map.put("record", node.record());
        map.put("initiator", identity.initiatorName());
        map.put("isid", identity.isid());
        map.put("isid-number", identity.number());
        map.put("phase", phase.name());
        map.put("luns", luns);
        return map;
    }

    /**
     * From {@link #toMap}.
     *
     * @throws IllegalArgumentException for anything else
     */
    static SessionNote fromMap(Map<String, ?> map) {
        if (number(map, "version") > VERSION) {
            throw new IllegalArgumentException("it was written by a newer Lunbridge");
        }
        if (!(map.get("record") instanceof Map<?, ?> record) || !(map.get("luns") instanceof List<?> luns)) {
            throw new IllegalArgumentException("it has no record or no LUNs");
        }
        Map<String, String> values = new LinkedHashMap<>();
        record.forEach((key, value) -> values.put(String.valueOf(key), String.valueOf(value)));
        return new SessionNote(
                new NodeSettings((int) number(map, "sid"), values),
                new SessionIdentity(
                        String.valueOf(map.get("initiator")), number(map, "isid"), (int) number(map, "isid-number")),
                Phase.valueOf(String.valueOf(map.get("phase"))),
                luns.stream().map(lun -> Integer.valueOf(String.valueOf(lun))).toList());
    }

    private static long number(Map<String, ?> map, String key) {
        if (map.get(key) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("it has no " + key);
    }
}
