package io.lunbridge.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The map of packages: which may import which. What is not in it may not exist. */
final class Arrows {

    static final String ROOT = "io.lunbridge";

    /** Packages that a request passes through: no lock, no future, no wait. */
    static final Set<String> DATA_PATH = Set.of(
            ROOT + ".block",
            ROOT + ".block.cache",
            ROOT + ".iscsi.pdu",
            ROOT + ".iscsi.session",
            ROOT + ".iscsi.disk",
            ROOT + ".nbd.transmission");

    /** Each package with those of ours that it may import, besides what is in itself. */
    private static final Map<String, Set<String>> MAY_IMPORT = new LinkedHashMap<>();

    static {
        chain("block", "block.cache");
        chain("scsi");
        chain(
                List.of("block", "scsi"),
                "iscsi.pdu",
                "iscsi.negotiation",
                "iscsi.login",
                "iscsi.session",
                "iscsi.recovery",
                "iscsi.discovery",
                "iscsi.disk");
        chain(List.of("block", "scsi", "iscsi.pdu", "iscsi.negotiation"), "iscsi.target");
        chain(List.of("block"), "nbd.protocol", "nbd.export");
        List<String> nbdServer = List.of("block", "nbd.protocol", "nbd.export");
        chain(nbdServer, "nbd.transmission", "nbd.handshake");
        List<String> nbdAll = List.of("block", "nbd.protocol", "nbd.export", "nbd.transmission", "nbd.handshake");
        chain(nbdAll, "nbd.client");
        chain(nbdAll, "nbd.kernel");
        chain("isns");
        chain(
                List.copyOf(MAY_IMPORT.keySet()),
                "records",
                "host",
                "daemon",
                "measure",
                "names",
                "devices",
                "sessions",
                "control",
                "iscsiadm",
                "commands");
    }

    private Arrows() {}

    private static void chain(String... packages) {
        chain(List.of(), packages);
    }

    /** Packages in a row: each may import those before it in the row, and {@code common}. */
    private static void chain(List<String> common, String... packages) {
        Set<String> allowed = new TreeSet<>();
        common.forEach(name -> allowed.add(qualified(name)));
        for (String name : packages) {
            MAY_IMPORT.put(qualified(name), Set.copyOf(allowed));
            allowed.add(qualified(name));
        }
    }

    private static String qualified(String name) {
        return name.startsWith(ROOT) ? name : ROOT + "." + name;
    }

    /** Why a class of one package may not know one of the other; null where it may. */
    static @Nullable String breach(String from, String to) {
        if (!to.startsWith(ROOT) || from.equals(to)) {
            return null;
        }
        Set<String> allowed = MAY_IMPORT.get(from);
        if (allowed == null) {
            return from + " is not in the map of packages";
        }
        return allowed.contains(to) ? null : from + " may not import " + to;
    }

    static boolean knows(String packageName) {
        return MAY_IMPORT.containsKey(packageName);
    }
}
