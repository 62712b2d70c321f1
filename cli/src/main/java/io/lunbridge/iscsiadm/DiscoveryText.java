package io.lunbridge.iscsiadm;

import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import java.util.ArrayList;
import java.util.List;

/** The list of discovery records, flat or with what each found (2.4, CR-16). */
final class DiscoveryText {

    private final Console console;
    private final RecordDatabase database;
    private boolean isAnyFound;

    DiscoveryText(Context context) {
        this.console = context.console();
        this.database = context.database();
    }

    /** Prints all. */
    ErrorCode print(int level) {
        if (level < 1) {
            printFlat(DiscoveryType.SENDTARGETS);
            printFlat(DiscoveryType.ISNS);
        } else {
            printByServer("SENDTARGETS:", DiscoveryType.SENDTARGETS);
            printByServer("iSNS:", DiscoveryType.ISNS);
            printAll("STATIC:", DiscoveryType.STATIC);
            printAll("FIRMWARE:", DiscoveryType.FIRMWARE);
        }
        return isAnyFound ? ErrorCode.SUCCESS : ErrorCode.NO_OBJS_FOUND;
    }

    private void printFlat(DiscoveryType type) {
        for (DiscoveryRecord record : database.discoveries(type)) {
            console.print(record.address() + ":" + record.port() + " via " + type.word());
            isAnyFound = true;
        }
    }

    private void printByServer(String heading, DiscoveryType type) {
        console.print(heading);
        List<DiscoveryRecord> records = database.discoveries(type);
        for (DiscoveryRecord record : records) {
            console.print("DiscoveryAddress: " + record.address() + "," + record.port());
            List<NodeRecord> its = new ArrayList<>();
            for (NodeRecord node : ofType(type)) {
                if (node.discoveryPort() == record.port()
                        && node.discoveryAddress().equals(record.address())) {
                    its.add(node);
                }
            }
            new NodeText(console).printResultTree(its);
        }
        told(!records.isEmpty());
    }

    private void printAll(String heading, DiscoveryType type) {
        console.print(heading);
        List<NodeRecord> nodes = ofType(type);
        new NodeText(console).printResultTree(nodes);
        told(!nodes.isEmpty());
    }

    private void told(boolean isFound) {
        if (!isFound) {
            console.print("No targets found.");
        }
        isAnyFound |= isFound;
    }

    private List<NodeRecord> ofType(DiscoveryType type) {
        List<NodeRecord> ofType = new ArrayList<>();
        for (NodeRecord node : database.nodes(NodeFilter.ALL)) {
            if (node.discoveryType() == type) {
                ofType.add(node);
            }
        }
        return ofType;
    }
}
