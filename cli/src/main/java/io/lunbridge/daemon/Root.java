package io.lunbridge.daemon;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this host's Lunbridge keeps its files: below {@code LUNBRIDGE_ROOT} where that is set, else where the system
 * keeps such things. What outlives a reboot of a user who is not root is the user's own; {@code LUNBRIDGE_STATE} puts it
 * elsewhere, as a daemon must whose {@code /var} is on its own disk.
 *
 * @param run what does not outlive a reboot: {@code /run/lunbridge}
 * @param configuration what the administrator wrote: {@code /etc/lunbridge}
 * @param state what outlives a reboot: {@code /var/lib/lunbridge}
 * @param openIscsi open-iscsi's files
 */
public record Root(Path run, Path configuration, Path state, OpenIscsi openIscsi) {

    /**
     * Open-iscsi's own files.
     *
     * @param iscsidConf {@code /etc/iscsi/iscsid.conf}
     * @param initiatorName {@code /etc/iscsi/initiatorname.iscsi}, with this host's name
     */
    public record OpenIscsi(Path iscsidConf, Path initiatorName) {

        private static OpenIscsi below(Path prefix) {
            Path directory = prefix.resolve("etc/iscsi");
            return new OpenIscsi(directory.resolve("iscsid.conf"), directory.resolve("initiatorname.iscsi"));
        }
    }

    private static final Root OF_THIS_HOST = of(System.getenv(), "root".equals(System.getProperty("user.name")));

    public static Root ofThisHost() {
        return OF_THIS_HOST;
    }

    /** All below one directory. */
    public static Root below(Path prefix) {
        return new Root(
                prefix.resolve("run/lunbridge"),
                prefix.resolve("etc/lunbridge"),
                prefix.resolve("var/lib/lunbridge"),
                OpenIscsi.below(prefix));
    }

    static Root of(Map<String, String> environment, boolean isRoot) {
        String prefix = environment.getOrDefault("LUNBRIDGE_ROOT", "");
        Root system = below(Path.of(prefix.isEmpty() ? "/" : prefix));
        String elsewhere = environment.getOrDefault("LUNBRIDGE_STATE", "");
        if (!elsewhere.isEmpty()) {
            return system.withState(Path.of(elsewhere));
        }
        if (isRoot || !prefix.isEmpty()) {
            return system;
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path home = Path.of(environment.getOrDefault("HOME", "/"));
        Path own = state.isEmpty() ? home.resolve(".local/state") : Path.of(state);
        return system.withState(own.resolve("lunbridge"));
    }

    private Root withState(Path elsewhere) {
        return new Root(run, configuration, elsewhere, openIscsi);
    }

    /** The same with other files of open-iscsi's, where they are not null. */
    public Root with(@Nullable Path iscsidConf, @Nullable Path initiatorName) {
        OpenIscsi files = new OpenIscsi(
                iscsidConf == null ? openIscsi.iscsidConf : iscsidConf,
                initiatorName == null ? openIscsi.initiatorName : initiatorName);
        return new Root(run, configuration, state, files);
    }

    /** The socket on which the daemon takes commands. */
    public Path controlSocket() {
        return run.resolve("control");
    }

    /** Locked by the daemon for as long as it lives. */
    public Path daemonLock() {
        return run.resolve("daemon.lock");
    }

    /** The state of each attached device, a file each. */
    public Path devices() {
        return run.resolve("devices");
    }

    /** What udev is told of each device, a file each. */
    public Path names() {
        return run.resolve("names");
    }

    /** The devices that the daemon attaches by itself, a file each. */
    public Path configuredDevices() {
        return configuration.resolve("devices");
    }

    /** What the daemon knows of each session of a node record, a file each. */
    public Path sessions() {
        return run.resolve("sessions");
    }

    /** Where iscsid's pid is told. */
    public Path pid() {
        return run.resolveSibling("iscsid.pid");
    }

    /** Open-iscsi's file with this host's name. */
    public Path initiatorName() {
        return openIscsi.initiatorName;
    }

    /** The ISIDs of this host's sessions. */
    public Path isids() {
        return state.resolve("isid");
    }
}
