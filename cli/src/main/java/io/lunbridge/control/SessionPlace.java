package io.lunbridge.control;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a session leads and through what: one record's sessions are those of its place. */
record SessionPlace(String targetName, String address, int port, String ifaceName) {

    /** Of a node record's keys and values. */
    static SessionPlace of(Map<String, String> node) {
        return new SessionPlace(
                node.getOrDefault("node.name", ""),
                node.getOrDefault("node.conn[0].address", ""),
                number(node.get("node.conn[0].port")),
                node.getOrDefault("iface.iscsi_ifacename", "default"));
    }

    /** Of a session in the list of them. */
    static SessionPlace ofSession(Map<String, @Nullable Object> session) {
        return new SessionPlace(
                String.valueOf(session.get("target")),
                String.valueOf(session.get("persistentAddress")),
                number(String.valueOf(session.get("persistentPort"))),
                String.valueOf(session.get("ifaceName")));
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }

    @Override
    public String toString() {
        return targetName + " at " + address + "," + port + " through " + ifaceName;
    }
}
