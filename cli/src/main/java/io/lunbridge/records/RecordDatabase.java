package io.lunbridge.records;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of this host. Reading takes no lock and never fails: what cannot be read is told of and passed over. Each
 * change takes the lock for itself; a change of what was read before belongs into {@link #locked} together with the
 * reading. When a change returns, it is on the medium. Any thread may call.
 */
public final class RecordDatabase {

    private final RecordPaths paths;
    private final Consumer<String> warnings;
    private final NodeFiles nodes;
    private final DiscoveryFiles discoveries;
    private final IfaceFiles ifaces;
    private final RecordLock lock;
    private @Nullable Configuration configuration;

    /**
     * What is done while the lock is held.
     *
     * @param <T> what the work results in
     * @param <X> how it may fail, besides {@link RecordFailure}
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, X extends Exception> {
        /** Does it, in the thread that has the lock. */
        T run() throws X, RecordFailure;
    }

    /** A change of files. */
    @FunctionalInterface
    private interface Change {
        boolean make() throws IOException, RecordFailure;
    }

    private RecordDatabase(RecordPaths paths, Consumer<String> warnings) {
        RecordReader reader = new RecordReader(warnings);
        this.paths = paths;
        this.warnings = warnings;
        this.nodes = new NodeFiles(paths, reader);
        this.discoveries = new DiscoveryFiles(paths, reader);
        this.ifaces = new IfaceFiles(paths, reader);
        this.lock = RecordLock.in(paths.lock());
    }

    /**
     * Touches nothing yet.
     *
     * @param warnings told, a sentence each, of records and lines that cannot be used; {@code iscsiadm} has them on stderr
     */
    public static RecordDatabase open(RecordPaths paths, Consumer<String> warnings) {
        return new RecordDatabase(paths, warnings);
    }

    public RecordPaths paths() {
        return paths;
    }

    /** What iscsid.conf said when this was first asked. */
    public synchronized Configuration configuration() {
        Configuration known = configuration;
        if (known == null) {
            known = Configuration.read(paths, warnings);
            configuration = known;
        }
        return known;
    }

    /**
     * Does something while nobody else changes records. May be nested.
     *
     * @throws RecordFailure with exit code 6 when the lock was not to be had for 30 s, or as the work says
     */
    public <T extends @Nullable Object, X extends Exception> T locked(Work<T, X> work) throws X, RecordFailure {
        lock.take(RecordLock.WAIT_SECONDS);
        try {
            return work.run();
        } finally {
            lock.release();
        }
    }

    private boolean change(Change change) throws RecordFailure {
        return this.<Boolean, RecordFailure>locked(() -> {
            try {
                return change.make();
            } catch (IOException e) {
                throw RecordFailure.database(
                        "The database " + paths.database() + " could not be changed: " + RecordFiles.sentence(e));
            }
        });
    }

    /** Those that match, by target, portal and iface, each in the order of its bytes. */
    public List<NodeRecord> nodes(NodeFilter filter) {
        return nodes.matching(filter);
    }

    /** Stores a new record, or replaces the one in its place, and links it to the discovery that found it. */
    public void add(NodeRecord node) throws RecordFailure {
        change(() -> {
            nodes.add(node);
            return true;
        });
    }

    /** Stores a new record unless its place is taken, and says whether it was free. */
    public boolean addIfAbsent(NodeRecord node) throws RecordFailure {
        return change(() -> {
            if (nodes.same(node) != null) {
                return false;
            }
            nodes.add(node);
            return true;
        });
    }

    /** Stores a record that was read and changed. */
    public void write(NodeRecord node) throws RecordFailure {
        change(() -> {
            nodes.write(node);
            return true;
        });
    }

    /** Removes a record and the link to it; false if it was not there any more. */
    public boolean delete(NodeRecord node) throws RecordFailure {
        return change(() -> nodes.delete(node));
    }

    /** Those of a type, by address, each in the order of its bytes. */
    public List<DiscoveryRecord> discoveries(DiscoveryType type) {
        return discoveries.all(type);
    }

    /**
     * The record of a place.
     *
     * @param address without brackets
     */
    public Optional<DiscoveryRecord> discovery(DiscoveryType type, String address, int port) {
        return Optional.ofNullable(discoveries.find(type, address, port));
    }

    /** Stores a record, in place of the one of the same address and port. */
    public void write(DiscoveryRecord discovery) throws RecordFailure {
        change(() -> {
            discoveries.write(discovery);
            return true;
        });
    }

    /** What a discovery found. */
    public List<NodeRecord> foundBy(DiscoveryRecord discovery) {
        return nodes.foundBy(discovery);
    }

    /** Removes a record and all node records that it led to (M-51); false if it was not there any more. */
    public boolean delete(DiscoveryRecord discovery) throws RecordFailure {
        return change(() -> {
            // Its own record last: whoever dies in between can be followed by another who does the rest.
            for (NodeRecord node : nodes.foundBy(discovery)) {
                nodes.delete(node);
            }
            return discoveries.delete(discovery);
        });
    }

    /** The user's ifaces by name, then those that are always there. */
    public List<IfaceRecord> ifaces() {
        List<IfaceRecord> all = ifaces.all();
        all.add(IfaceRecord.DEFAULT);
        all.add(IfaceRecord.ISER);
        return all;
    }

    public Optional<IfaceRecord> iface(String name) {
        return Optional.ofNullable(ifaces.find(name));
    }

    /** Stores an iface. Records that are bound to it keep their copy until {@link NodeRecord#withIface}. */
    public void write(IfaceRecord iface) throws RecordFailure {
        change(() -> {
            ifaces.write(iface);
            return true;
        });
    }

    /** Removes an iface, not the node records bound to it; false if it was not there any more. */
    public boolean delete(IfaceRecord iface) throws RecordFailure {
        return change(() -> ifaces.delete(iface));
    }
}
