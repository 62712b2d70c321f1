package io.lunbridge.records;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The links from a discovery to what it found (M-95, M-96): named {@code TARGET,ADDRESS,PORT,TPGT,IFACE}, and leading to
 * the portal's directory. A record without a tpgt has none. Those of an iSNS server are beside its record, or one directory
 * above where it has none.
 */
final class NodeLinks {

    private final RecordPaths paths;

    NodeLinks(RecordPaths paths) {
        this.paths = paths;
    }

    static String name(NodeRecord node) {
        return node.targetName() + "," + node.address() + "," + node.port() + "," + node.tpgt() + ","
                + node.ifaceName();
    }

    /** Where a record's link is; null where it has none. */
    @Nullable
    Path of(NodeRecord node) {
        if (node.tpgt() == NodeRecord.UNKNOWN_TPGT) {
            return null;
        }
        Path directory = paths.discoveries(node.discoveryType());
        Path source = directory.resolve(node.discoveryAddress() + "," + node.discoveryPort());
        boolean isBelowSource = node.discoveryType() == DiscoveryType.SENDTARGETS
                || (node.discoveryType() == DiscoveryType.ISNS
                        && source.toFile().isDirectory());
        return (isBelowSource ? source : directory).resolve(name(node));
    }

    Path directory(DiscoveryRecord discovery) {
        return paths.discoveries(discovery.type()).resolve(discovery.address() + "," + discovery.port());
    }

    boolean isOf(NodeRecord node, DiscoveryRecord discovery) {
        return node.tpgt() != NodeRecord.UNKNOWN_TPGT
                && node.discoveryType() == discovery.type()
                && node.discoveryPort() == discovery.port()
                && node.discoveryAddress().equals(discovery.address());
    }

    void make(NodeRecord node, Path target) throws IOException {
        Path link = of(node);
        if (link != null) {
            RecordFiles.link(link, target.toAbsolutePath());
        }
    }

    /** @param kept not removed, as the record's next state has it too */
    void remove(NodeRecord node, @Nullable Path kept) throws IOException {
        Path link = of(node);
        if (link != null && !link.equals(kept)) {
            RecordFiles.delete(link);
        }
    }
}
