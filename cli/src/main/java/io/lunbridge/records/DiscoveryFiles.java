package io.lunbridge.records;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The discovery records' files: {@code send_targets/ADDRESS,PORT/st_config} and {@code isns/ADDRESS,PORT/isns_config}
 * (M-95, M-96). Before 2.0-780 {@code ADDRESS,PORT} was itself the file.
 */
final class DiscoveryFiles {

    private final RecordPaths paths;
    private final RecordReader reader;

    DiscoveryFiles(RecordPaths paths, RecordReader reader) {
        this.paths = paths;
        this.reader = reader;
    }

    /** By their addresses' bytes. */
    List<DiscoveryRecord> all(DiscoveryType type) {
        List<DiscoveryRecord> found = new ArrayList<>();
        for (String name : RecordFiles.names(paths.discoveries(type))) {
            int comma = name.indexOf(',');
            // In the directory of iSNS servers there may be links, whose second part is an address.
            if (comma > 0 && isNumber(name, comma + 1)) {
                DiscoveryRecord record =
                        find(type, name.substring(0, comma), Integer.parseInt(name.substring(comma + 1)));
                if (record != null) {
                    found.add(record);
                }
            }
        }
        return found;
    }

    private static boolean isNumber(String name, int start) {
        for (int i = start; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return start < name.length() && name.length() - start < 6;
    }

    @Nullable
    DiscoveryRecord find(DiscoveryType type, String address, int port) {
        Path portal = paths.discoveries(type).resolve(address + "," + port);
        Path file = portal.toFile().isDirectory() ? portal.resolve(fileName(type)) : portal;
        Values values = reader.read(file, DiscoveryRecord.kind(type));
        return values == null ? null : new DiscoveryRecord(type, values).at(address, port);
    }

    void write(DiscoveryRecord record) throws IOException, RecordFailure {
        Path portal = portal(record);
        if (portal.toFile().isFile()) {
            RecordFiles.delete(portal);
        }
        RecordFiles.replace(
                paths.database(),
                portal.resolve(fileName(record.type())),
                record.values().fileText());
    }

    boolean delete(DiscoveryRecord record) throws IOException, RecordFailure {
        Path portal = portal(record);
        if (portal.toFile().isFile()) {
            return RecordFiles.delete(portal);
        }
        boolean deleted = RecordFiles.delete(portal.resolve(fileName(record.type())));
        RecordFiles.deleteIfEmpty(portal);
        return deleted;
    }

    private Path portal(DiscoveryRecord record) throws RecordFailure {
        return paths.discoveries(record.type()).resolve(Names.checked(record.address() + "," + record.port()));
    }

    private static String fileName(DiscoveryType type) {
        return type == DiscoveryType.ISNS ? "isns_config" : "st_config";
    }
}
