package io.lunbridge.control;

import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.Root;
import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.records.Configuration;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
        RecordPaths paths =
                RecordPaths.below(root.configuration().resolve("../..").normalize());
        return new NodeDatabase(paths.withIscsidConf(root.openIscsi().iscsidConf()));
    }

    private RecordDatabase open() {
        return RecordDatabase.open(paths, LOG::warn);
    }

    /** Whether a session with a mounted device is kept from being logged out of. */
    boolean safeLogout() {
        return open().configuration().safeLogout();
    }

    /** What a session has that its record cannot say. */
    Map<String, String> hostSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        Configuration configuration = open().configuration();
        for (String key : List.of(NodeSettings.COMMAND_TIMEOUT, NodeSettings.CACHE)) {
            String value = configuration.setting(key);
            if (value != null) {
                settings.put(key, value);
            }
        }
        return settings;
    }

    /** The records that are to be logged in to at the start. */
    List<Map<String, String>> automatic() {
        return open().nodes(NodeFilter.ALL).stream()
                .filter(NodeDatabase::isAutomatic)
                .map(NodeDatabase::values)
                .toList();
    }

    /** The SendTargets portals that are to be asked again and again (M-135). */
    List<DiscoveryRecord> repeatedDiscoveries() {
        return open().discoveries(DiscoveryType.SENDTARGETS).stream()
                .filter(NodeDatabase::isRepeated)
                .toList();
    }

    /** That portal's record as it is now; null where it is gone, or not to be asked again any more. */
    @Nullable
    DiscoveryRecord current(DiscoveryRecord discovery) {
        return open().discovery(discovery.type(), discovery.address(), discovery.port())
                .filter(NodeDatabase::isRepeated)
                .orElse(null);
    }

    private static boolean isRepeated(DiscoveryRecord discovery) {
        return discovery.value("discovery.sendtargets.use_discoveryd").equals("Yes");
    }

    /** The records of what a discovery has found before. */
    List<Map<String, String>> foundBy(DiscoveryRecord discovery) {
        return open().foundBy(discovery).stream().map(NodeDatabase::values).toList();
    }

    /**
     * What was found now, through each of the user's ifaces, or the default one where there are none (S-66): as it is in the
     * database, else as a new record would be.
     */
    List<Map<String, String>> nodes(DiscoveryRecord discovery, List<DiscoveredTarget> targets) {
        RecordDatabase database = open();
        List<IfaceRecord> ifaces = database.ifaces().stream()
                .filter(iface -> !iface.isBuiltIn() && iface.transportName().equals("tcp"))
                .toList();
        List<NodeRecord> known = database.nodes(NodeFilter.ALL);
        List<Map<String, String>> nodes = new ArrayList<>();
        for (IfaceRecord iface : ifaces.isEmpty() ? List.of(IfaceRecord.DEFAULT) : ifaces) {
            for (DiscoveredTarget target : targets) {
                for (TargetAddress portal : target.portals()) {
                    int tag = portal.portalGroupTag();
                    NodeRecord fresh = database.configuration()
                            .node(
                                    target.name(),
                                    tag == TargetAddress.NO_TAG ? NodeRecord.UNKNOWN_TPGT : tag,
                                    portal.host(),
                                    portal.port(),
                                    iface)
                            .foundBy(discovery.type(), discovery.address(), discovery.port());
                    nodes.add(values(known.stream()
                            .filter(node -> SessionPlace.of(values(node)).equals(SessionPlace.of(values(fresh))))
                            .findFirst()
                            .orElse(fresh)));
                }
            }
        }
        return nodes;
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
