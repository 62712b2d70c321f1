package io.lunbridge.records;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;

/**
 * A process that changes records until it is killed or told to stop, and keeps a journal: {@code begin} and {@code done}
 * around each change of the shared counter, {@code warning} and {@code failure} for what must not be.
 */
final class RecordWorker {

    static final String TARGET = "iqn.2001-01.a:shared";
    static final String COUNTER = "node.session.initial_cmdsn";

    private static final int PORTALS = 4;

    private final RecordDatabase database;
    private final Path journal;
    private final Random random;

    private RecordWorker(Path root, Path journal, long seed) {
        this.journal = journal;
        this.random = new Random(seed);
        this.database = RecordDatabase.open(RecordPaths.below(root), warning -> note("warning " + warning));
    }

    /**
     * Works until it is told to stop, or killed.
     *
     * @param arguments the root, the journal, a seed, and a file whose appearance is the order to stop
     */
    public static void main(String[] arguments) throws IOException {
        Path journal = Path.of(arguments[1]);
        RecordWorker worker = new RecordWorker(Path.of(arguments[0]), journal, Long.parseLong(arguments[2]));
        Path stop = Path.of(arguments[3]);
        worker.note("started");
        while (!Files.exists(stop)) {
            try {
                worker.step();
            } catch (Exception e) {
                worker.note("failure " + e);
            }
        }
    }

    private void note(String line) {
        try {
            Files.writeString(journal, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void step() throws Exception {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> count();
            case 3 -> database.add(portal());
            case 4 -> database.delete(portal());
            case 5 -> discover();
            case 6 -> bind();
            default -> database.nodes(NodeFilter.ALL);
        }
    }

    /** What is lost if two read the same value, or if one that was killed left the lock or half a record. */
    private void count() throws Exception {
        note("begin");
        database.locked(() -> {
            NodeRecord node = shared(database);
            database.write(node.with(COUNTER, Integer.toString(node.number(COUNTER) + 1)));
            return null;
        });
        note("done");
    }

    static NodeRecord shared(RecordDatabase database) {
        return database.nodes(new NodeFilter(TARGET, "10.0.0.1", NodeFilter.ANY, NodeFilter.ANY, "default"))
                .get(0);
    }

    private NodeRecord portal() {
        int number = random.nextInt(PORTALS);
        IfaceRecord iface = random.nextBoolean() ? IfaceRecord.DEFAULT : IfaceRecord.named("i0");
        String target = random.nextBoolean() ? TARGET : "iqn.2001-01.a:other";
        int tpgt = random.nextInt(3) - 1;
        return database.configuration().node(target, tpgt == 0 ? 1 : tpgt, "10.0.1." + number, 3260, iface);
    }

    private void discover() throws Exception {
        DiscoveryRecord discovery = database.configuration().discovery(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260);
        if (random.nextInt(3) == 0) {
            database.delete(discovery);
        } else {
            database.locked(() -> {
                database.write(discovery);
                database.add(portal().foundBy(DiscoveryType.SENDTARGETS, "10.0.0.9", 3260));
                return null;
            });
        }
    }

    private void bind() throws Exception {
        IfaceRecord iface = IfaceRecord.named("i0").with("iface.mtu", Integer.toString(random.nextInt(9000)));
        if (random.nextInt(3) == 0) {
            database.delete(iface);
        } else {
            database.write(iface);
        }
        List<IfaceRecord> all = database.ifaces();
        if (all.size() < 2) {
            note("failure no built-in ifaces");
        }
    }
}
