package io.lunbridge.records;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node records' files: {@code nodes/TARGET/ADDRESS,PORT,TPGT/IFACE} (M-93), and the old layout
 * {@code nodes/TARGET/ADDRESS,PORT} of a portal whose tpgt nobody told (M-94). There the file is one iface's; open-iscsi
 * lets a second iface overwrite it, whereas here that one goes to {@code ADDRESS,PORT,-1/IFACE} (U-19).
 */
final class NodeFiles {

    private final RecordPaths paths;
    private final RecordReader reader;
    private final NodeLinks links;

    NodeFiles(RecordPaths paths, RecordReader reader) {
        this.paths = paths;
        this.reader = reader;
        this.links = new NodeLinks(paths);
    }

    /** In the order in which open-iscsi lists them: by target, portal and iface, each by its bytes. */
    List<NodeRecord> matching(NodeFilter filter) {
        List<NodeRecord> found = new ArrayList<>();
        for (String target : RecordFiles.names(paths.nodes())) {
            if (filter.targetName() == null || filter.targetName().equals(target)) {
                Path directory = paths.nodes().resolve(target);
                for (String portal : RecordFiles.names(directory)) {
                    if (portal.indexOf(',') > 0) {
                        addPortal(directory.resolve(portal), filter, found);
                    }
                }
            }
        }
        return found;
    }

    private void addPortal(Path portal, NodeFilter filter, List<NodeRecord> found) {
        if (portal.toFile().isFile()) {
            add(portal, filter, found);
            return;
        }
        for (String iface : RecordFiles.names(portal)) {
            if (filter.ifaceName() == null || filter.ifaceName().equals(iface)) {
                add(portal.resolve(iface), filter, found);
            }
        }
    }

    private void add(Path file, NodeFilter filter, List<NodeRecord> found) {
        NodeRecord node = read(file);
        if (node != null && filter.matches(node)) {
            found.add(node);
        }
    }

    private @Nullable NodeRecord read(Path file) {
        Values values = reader.read(file, RecordKind.NODE, NodeKeys.NAME, NodeKeys.ADDRESS_KEY);
        return values == null ? null : new NodeRecord(values, file);
    }

    /** The record that this one would replace. */
    @Nullable
    NodeRecord same(NodeRecord node) throws RecordFailure {
        return read(place(node));
    }

    /** Stores a record where it belongs, or was. */
    void write(NodeRecord node) throws IOException, RecordFailure {
        Path place = place(node);
        RecordFiles.replace(paths.database(), place, node.values().fileText());
        if (node.tpgt() != NodeRecord.UNKNOWN_TPGT) {
            Path old = portal(node, "");
            NodeRecord replaced = old.toFile().isFile() ? read(old) : null;
            if (replaced != null && replaced.ifaceName().equals(node.ifaceName())) {
                RecordFiles.delete(old);
            }
        }
    }

    /** Stores a record, and a link to it where its discovery's record is. */
    void add(NodeRecord node) throws IOException, RecordFailure {
        NodeRecord replaced = same(node);
        if (replaced != null) {
            links.remove(replaced, links.of(node));
        }
        write(node);
        links.make(node, portal(node, "," + node.tpgt()));
    }

    /** Removes a record, the link to it, and the directories that are empty without it; false if it was not there. */
    boolean delete(NodeRecord node) throws IOException, RecordFailure {
        Path place = place(node);
        NodeRecord stored = read(place);
        links.remove(stored == null ? node : stored, null);
        boolean deleted = RecordFiles.delete(place);
        Path target = paths.nodes().resolve(node.targetName());
        Path parent = place.getParent();
        if (parent != null && !parent.equals(target)) {
            RecordFiles.deleteIfEmpty(parent);
        }
        RecordFiles.deleteIfEmpty(target);
        return deleted;
    }

    /** All that a discovery found, by its links and by what the records say of it. */
    List<NodeRecord> foundBy(DiscoveryRecord discovery) {
        List<String> linked = RecordFiles.names(links.directory(discovery));
        List<NodeRecord> found = new ArrayList<>();
        for (NodeRecord node : matching(NodeFilter.ALL)) {
            if (linked.contains(NodeLinks.name(node)) || links.isOf(node, discovery)) {
                found.add(node);
            }
        }
        return found;
    }

    private Path place(NodeRecord node) throws RecordFailure {
        Path known = node.place();
        if (known != null && known.toFile().isFile()) {
            return known;
        }
        String iface = Names.checked(node.ifaceName());
        if (node.tpgt() != NodeRecord.UNKNOWN_TPGT) {
            return portal(node, "," + node.tpgt()).resolve(iface);
        }
        Path old = portal(node, "");
        if (Files.isRegularFile(old)) {
            NodeRecord there = read(old);
            if (there != null && !there.ifaceName().equals(iface)) {
                return portal(node, "," + NodeRecord.UNKNOWN_TPGT).resolve(iface);
            }
        }
        return old;
    }

    private Path portal(NodeRecord node, String end) throws RecordFailure {
        return paths.nodes()
                .resolve(Names.checked(node.targetName()))
                .resolve(Names.checked(node.address() + "," + node.port() + end));
    }
}
