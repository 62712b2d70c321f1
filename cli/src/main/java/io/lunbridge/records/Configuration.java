package io.lunbridge.records;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code iscsid.conf} says (M-90, R-60..R-63), and the new records that follow from it: open-iscsi's compiled
 * defaults under the file's. A change of the file changes no record that is there already (S-76).
 */
public final class Configuration {

    private final List<RecordText.Line> lines;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Values node;

    private Configuration(List<RecordText.Line> lines, Consumer<String> warnings) {
        this.lines = lines;
        for (RecordText.Line line : lines) {
            settings.put(line.name(), line.value());
        }
        node = Values.presets(RecordKind.NODE).read(lines, false, warnings);
    }

    /**
     * Of a host's file, or of none if there is none.
     *
     * @param warnings told of lines that cannot be understood
     */
    static Configuration read(RecordPaths paths, Consumer<String> warnings) {
        try {
            RecordText text = RecordText.parse(RecordFiles.text(paths.iscsidConf()), warnings);
            return new Configuration(text.lines(), warnings);
        } catch (NoSuchFileException e) {
            return new Configuration(new ArrayList<>(), warnings);
        } catch (IOException e) {
            warnings.accept("cannot open configuration file " + paths.iscsidConf() + ": " + e.getMessage());
            return new Configuration(new ArrayList<>(), warnings);
        }
    }

    /** A setting as it stands there, such as {@code iscsid.startup}; null where it is not there. */
    public @Nullable String setting(String name) {
        return settings.get(name);
    }

    /** Whether a session with a mounted device is kept from being logged out of. On unless the file says No. */
    public boolean safeLogout() {
        return !"No".equals(settings.get("iscsid.safe_logout"));
    }

    /**
     * A new static node record.
     *
     * @param tpgt {@link NodeRecord#UNKNOWN_TPGT} if nobody told
     * @param address without brackets
     */
    public NodeRecord node(String targetName, int tpgt, String address, int port, IfaceRecord iface) {
        Values values = node.put(Map.of(
                NodeKeys.NAME,
                targetName,
                NodeKeys.TPGT,
                Integer.toString(tpgt),
                NodeKeys.ADDRESS_KEY,
                address,
                NodeKeys.PORT,
                Integer.toString(port)));
        return new NodeRecord(values, null).withIface(iface);
    }

    /**
     * A new discovery record.
     *
     * @param type {@link DiscoveryType#SENDTARGETS} or {@link DiscoveryType#ISNS}
     * @param address without brackets
     */
    public DiscoveryRecord discovery(DiscoveryType type, String address, int port) {
        Values presets = Values.presets(DiscoveryRecord.kind(type));
        // What is wrong was told of when the node's values were read.
        return new DiscoveryRecord(type, presets.read(lines, false, warning -> {})).at(address, port);
    }
}
