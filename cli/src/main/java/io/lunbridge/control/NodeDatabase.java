package io.lunbridge.control;

import io.lunbridge.daemon.Root;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the daemon reads of open-iscsi's files, anew each time, as others change them. Blocking. */
final class NodeDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDatabase.class);
    private static final String AUTOMATIC = "automatic";

    private final RecordPaths paths;

    private NodeDatabase(RecordPaths paths) {
        this.paths = paths;
    }

    /** Beside the daemon's own configuration. */
    static NodeDatabase of(Root root) {
        return new NodeDatabase(
                RecordPaths.below(root.configuration().resolve("../..").normalize()));
    }

    private RecordDatabase open() {
        return RecordDatabase.open(paths, LOG::warn);
    }

    /** Whether a session with a mounted device is kept from being logged out of. */
    boolean safeLogout() {
        return open().configuration().safeLogout();
    }

    /** The records that are to be logged in to at the start. */
    List<Map<String, String>> automatic() {
        return open().nodes(NodeFilter.ALL).stream()
                .filter(NodeDatabase::isAutomatic)
                .map(NodeDatabase::values)
                .toList();
    }

    private static boolean isAutomatic(NodeRecord node) {
        return node.value("node.startup").equals(AUTOMATIC)
                || node.value("node.conn[0].startup").equals(AUTOMATIC);
    }

    private static Map<String, String> values(NodeRecord node) {
        Map<String, String> values = new LinkedHashMap<>();
        node.entries().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
        return values;
    }
}
