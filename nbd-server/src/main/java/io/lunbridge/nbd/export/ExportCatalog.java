package io.lunbridge.nbd.export;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The exports by name. May be read and changed from any thread: readers see an immutable list, changes replace it.
 * Removing an export keeps it from new connections; those it has go on.
 */
public final class ExportCatalog {

    private final AtomicReference<List<Export>> exports = new AtomicReference<>(List.of());

    public ExportCatalog(Export... exports) {
        for (Export export : exports) {
            add(export);
        }
    }

    /**
     * Adds one.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public void add(Export export) {
        exports.updateAndGet(before -> {
            if (named(before, export.name()) != null) {
                throw new IllegalArgumentException("there is already an export named '" + export.name() + "'");
            }
            return Stream.concat(before.stream(), Stream.of(export)).toList();
        });
    }

    /** Removes the export of that very name, if there is one. */
    public void remove(String name) {
        exports.updateAndGet(before ->
                before.stream().filter(each -> !each.name().equals(name)).toList());
    }

    /** The export that a client means: the one so named, or for the empty name the default one, which is the first. */
    public @Nullable Export find(String name) {
        List<Export> all = exports.get();
        Export exact = named(all, name);
        return exact != null || !name.isEmpty() || all.isEmpty() ? exact : all.get(0);
    }

    /** In the order in which they were added. */
    public List<Export> all() {
        return exports.get();
    }

    private static @Nullable Export named(List<Export> exports, String name) {
        for (Export each : exports) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        return null;
    }
}
