package io.lunbridge.records;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The iface records' files, {@code ifaces/NAME} (M-97). */
final class IfaceFiles {

    /** A file that comes with open-iscsi for people to read. */
    private static final String EXAMPLE = "iface.example";

    private final RecordPaths paths;
    private final RecordReader reader;

    IfaceFiles(RecordPaths paths, RecordReader reader) {
        this.paths = paths;
        this.reader = reader;
    }

    /** By their names' bytes, without those that are always there. */
    List<IfaceRecord> all() {
        List<IfaceRecord> found = new ArrayList<>();
        for (String name : RecordFiles.names(paths.ifaces())) {
            if (!name.equals(EXAMPLE) && !IfaceRecord.isBuiltIn(name)) {
                IfaceRecord iface = read(name);
                if (iface != null) {
                    found.add(iface);
                }
            }
        }
        return found;
    }

    @Nullable
    IfaceRecord find(String name) {
        return switch (name) {
            case "default" -> IfaceRecord.DEFAULT;
            case "iser" -> IfaceRecord.ISER;
            default -> read(name);
        };
    }

    private @Nullable IfaceRecord read(String name) {
        Values values = reader.read(paths.ifaces().resolve(name), RecordKind.IFACE);
        return values == null ? null : new IfaceRecord(values.put(Map.of(IfaceKeys.NAME, name)));
    }

    void write(IfaceRecord iface) throws IOException, RecordFailure {
        String name = Names.checked(iface.name());
        if (iface.isBuiltIn()) {
            throw new RecordFailure(
                    RecordFailure.INVALID,
                    "iface " + name + " is a special interface and is not stored in " + paths.ifaces() + ".");
        }
        RecordFiles.replace(
                paths.database(), paths.ifaces().resolve(name), iface.values().fileText());
    }

    boolean delete(IfaceRecord iface) throws IOException, RecordFailure {
        String name = Names.checked(iface.name());
        if (iface.isBuiltIn()) {
            throw new RecordFailure(
                    RecordFailure.INVALID, "iface " + name + " is a special interface and cannot be deleted.");
        }
        return RecordFiles.delete(paths.ifaces().resolve(name));
    }
}
