package io.lunbridge.iscsiadm;

import io.lunbridge.records.NodeRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions and node records as JSON, for programs that would rather not take open-iscsi's text apart (U-18): where
 * {@code LUNBRIDGE_OUTPUT=json} is in the environment, so that the command line stays open-iscsi's. What fails is told as ever.
 */
final class MachineText {

    private static final String MASK = "********";

    private MachineText() {}

    static boolean isWanted() {
        return "json".equals(System.getenv("LUNBRIDGE_OUTPUT"));
    }

    /** A list of objects, in the words of the control socket's verb {@code sessions}. */
    static void printSessions(Console console, List<Session> sessions, boolean showSecrets) {
        List<Object> list = new ArrayList<>();
        for (Session session : sessions) {
            Map<String, Object> values = new LinkedHashMap<>();
            session.values().forEach((name, value) -> put(values, String.valueOf(name), value, showSecrets));
            list.add(values);
        }
        print(console, list);
    }

    /** A list of objects with the records' own keys; all values are strings, as in the file. */
    static void printNodes(Console console, List<NodeRecord> nodes, boolean showSecrets) {
        List<Object> list = new ArrayList<>();
        for (NodeRecord node : nodes) {
            Map<String, Object> values = new LinkedHashMap<>();
            node.entries().forEach(entry -> put(values, entry.getKey(), entry.getValue(), showSecrets));
            list.add(values);
        }
        print(console, list);
    }

    private static void put(Map<String, Object> values, String name, Object value, boolean showSecrets) {
        boolean isSecret = name.contains("password") && !name.endsWith("_length");
        values.put(name, isSecret && !showSecrets && !value.equals("") ? MASK : value);
    }

    private static void print(Console console, List<Object> list) {
        StringBuilder text = new StringBuilder();
        Json.write(list, text);
        console.print(text.toString());
    }
}
