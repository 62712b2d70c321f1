package io.lunbridge.records;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where open-iscsi's files are on this host (M-90..M-98, CR-24).
 *
 * @param configuration {@code /etc/iscsi}: iscsid.conf, initiatorname.iscsi
 * @param database {@code /etc/iscsi} or {@code /var/lib/iscsi}: the records
 * @param lock {@code /run/lock/iscsi}: what keeps two from changing them at once
 * @param iscsidConf {@code /etc/iscsi/iscsid.conf}
 */
public record RecordPaths(Path configuration, Path database, Path lock, Path iscsidConf) {

    private static final String[] DATABASE_DIRECTORIES = {"nodes", "send_targets", "ifaces", "isns", "static", "fw"};

    /** Below {@code LUNBRIDGE_ROOT} where that is set, else where the system keeps such things. */
    public static RecordPaths ofThisHost() {
        String root = System.getenv("LUNBRIDGE_ROOT");
        return below(Path.of(root == null || root.isEmpty() ? "/" : root));
    }

    /**
     * Below a directory. The database is where there is one already; where there is none, or one in each place, it is
     * where the distribution has it: Debian and its like in {@code /etc/iscsi}, others in {@code /var/lib/iscsi} if they
     * made that.
     */
    public static RecordPaths below(Path root) {
        Path etc = root.resolve("etc/iscsi");
        Path var = root.resolve("var/lib/iscsi");
        Path database = isInVar(root, etc, var) ? var : etc;
        return new RecordPaths(etc, database, root.resolve("run/lock/iscsi"), etc.resolve("iscsid.conf"));
    }

    private static boolean isInVar(Path root, Path etc, Path var) {
        if (!var.toFile().isDirectory()) {
            return false;
        }
        boolean hasEtc = hasRecords(etc);
        boolean hasVar = hasRecords(var);
        return hasEtc == hasVar ? !isDebian(root) : hasVar;
    }

    private static boolean hasRecords(Path directory) {
        for (String name : DATABASE_DIRECTORIES) {
            String[] entries = new File(directory.toFile(), name).list();
            if (entries != null && entries.length > 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDebian(Path root) {
        try {
            for (String line : Files.readAllLines(root.resolve("etc/os-release"))) {
                if ((line.startsWith("ID=") || line.startsWith("ID_LIKE=")) && line.contains("debian")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** The same with another iscsid.conf, as a daemon may have been told. */
    public RecordPaths withIscsidConf(Path file) {
        return new RecordPaths(configuration, database, lock, file);
    }

    public Path initiatorName() {
        return configuration.resolve("initiatorname.iscsi");
    }

    Path nodes() {
        return database.resolve("nodes");
    }

    Path ifaces() {
        return database.resolve("ifaces");
    }

    /** Where the discovery records of a type are, and what its records are called; and the links to what it found. */
    Path discoveries(DiscoveryType type) {
        return database.resolve(
                switch (type) {
                    case SENDTARGETS -> "send_targets";
                    case ISNS -> "isns";
                    case STATIC -> "static";
                    case FIRMWARE -> "fw";
                });
    }
}
