package io.lunbridge.iscsiadm;

import io.lunbridge.records.NodeRecord;
import java.util.List;

/** Lists of node records, as {@code -m node}, {@code -m iface -P 1} and discoveries print them (2.4). */
final class NodeText {

    private final Console console;
    private String target = "";
    private String portal = "";

    NodeText(Console console) {
        this.console = console;
    }

    /** {@code address:port,tpgt target} (CR-12). A tpgt that is not known is printed as 2.1.8's library does. */
    static String flat(NodeRecord node) {
        return portal(node, Integer.toUnsignedString(node.tpgt())) + " " + node.targetName();
    }

    /** The same in the results of a discovery. */
    static String flatResult(NodeRecord node) {
        return portal(node) + " " + node.targetName();
    }

    static String portal(NodeRecord node) {
        return portal(node, Integer.toString(node.tpgt()));
    }

    private static String portal(NodeRecord node, String tpgt) {
        return withPort(node.address(), node.port()) + "," + tpgt;
    }

    /** Brackets for all but names and addresses with dots. */
    static String withPort(String address, int port) {
        return (address.indexOf('.') >= 0 ? address : "[" + address + "]") + ":" + port;
    }

    /** With a line of the portal for each iface. */
    void printTree(List<NodeRecord> nodes) {
        for (NodeRecord node : nodes) {
            printTarget(node, "");
            console.print("\tPortal: " + portal(node));
            console.print("\t\tIface Name: " + node.ifaceName());
        }
    }

    /** With one line of the portal for all ifaces that follow each other. */
    void printResultTree(List<NodeRecord> nodes) {
        for (NodeRecord node : nodes) {
            printTarget(node, "");
            printPortal(node, "\t");
            console.print("\t\tIface Name: " + node.ifaceName());
        }
    }

    /** Those of one iface. */
    void printBelowIface(NodeRecord node) {
        printTarget(node, "\t");
        console.print("\t\tPortal: " + portal(node));
    }

    private void printTarget(NodeRecord node, String indent) {
        if (!node.targetName().equals(target)) {
            console.print(indent + "Target: " + node.targetName());
            target = node.targetName();
            portal = "";
        }
    }

    private void printPortal(NodeRecord node, String indent) {
        String its = portal(node);
        if (!its.equals(portal)) {
            console.print(indent + "Portal: " + its);
            portal = its;
        }
    }
}
