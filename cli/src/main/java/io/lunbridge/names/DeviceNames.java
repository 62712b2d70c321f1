package io.lunbridge.names;

import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.iscsi.disk.DiskIdentity;
import io.lunbridge.scsi.Lun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What udev knows of the kernel initiator's disk for the same LUN: the properties of {@code scsi_id} and {@code path_id},
 * and the links that {@code 60-persistent-storage.rules} makes of them.
 *
 * @param properties by udev's names, each without control characters and not empty
 */
public record DeviceNames(Map<String, String> properties) {

    /** For a device that is not the whole LUN, or is not to be found under the LUN's names. */
    public static final DeviceNames NONE = new DeviceNames(Map.of());

    private static final int PERIPHERAL_LUNS = 256;
    private static final int MAX_LINK_BYTES = 255;

    public DeviceNames {
        Map<String, String> clean = new LinkedHashMap<>();
        properties.forEach((name, value) -> {
            if (!value.isBlank()) {
                clean.put(name, value.replaceAll("\\p{Cntrl}", "_"));
            }
        });
        properties = Collections.unmodifiableMap(clean);
    }

    /** The names of a device that a request leads to: those of the LUN, and {@link #NONE} where it is a part of one. */
    public static DeviceNames of(DiskRequest request, DiskIdentity identity) {
        boolean whole = request.offsetBytes() == 0 && request.lengthBytes() == null;
        LunUrl url = request.url();
        HostPort portal = url.portal();
        return whole ? of(identity, portal.host(), portal.port(), url.targetName(), Lun.ofNumber(url.lun())) : NONE;
    }

    /**
     * The names of a LUN.
     *
     * @param portalHost where the target was first asked for: as the user wrote it, an IPv6 address without brackets; no
     *     redirection changes it
     */
    public static DeviceNames of(DiskIdentity identity, String portalHost, int portalPort, String targetName, Lun lun) {
        Map<String, String> properties = new LinkedHashMap<>(ScsiId.properties(identity.bytes()));
        String path = "ip-" + portalHost + ":" + portalPort + "-iscsi-" + targetName + "-lun-" + number(lun);
        properties.put("ID_BUS", "scsi");
        properties.put("ID_PATH", path);
        properties.put("ID_PATH_TAG", UdevText.tag(path));
        return new DeviceNames(properties);
    }

    /** The same with one more property. */
    DeviceNames with(String property, String value) {
        Map<String, String> more = new LinkedHashMap<>(properties);
        more.put(property, value);
        return new DeviceNames(more);
    }

    /** As the kernel numbers it; beyond the 256 of bus 0 the first two levels as digits. */
    private static String number(Lun lun) {
        int levels = (int) (lun.eightBytes() >>> 32);
        int first = levels >>> 16;
        int second = levels & 0xffff;
        boolean peripheral = second == 0 && first < PERIPHERAL_LUNS;
        return peripheral ? Integer.toString(first) : String.format("0x%04x%04x00000000", first, second);
    }

    /** The links to the whole device, below {@code /dev}. */
    List<String> links() {
        return links("");
    }

    /** The links to one of its partitions, 1 or more, below {@code /dev}. */
    List<String> links(int partition) {
        return links("-part" + partition);
    }

    private List<String> links(String suffix) {
        List<String> links = new ArrayList<>();
        add("ID_PATH", name -> links.add("disk/by-path/" + name + suffix));
        add("ID_SERIAL", name -> links.add("disk/by-id/scsi-" + name + suffix));
        add("ID_WWN_WITH_EXTENSION", name -> links.add("disk/by-id/wwn-" + name + suffix));
        return links.stream().filter(DeviceNames::isFileName).toList();
    }

    private void add(String property, Consumer<String> link) {
        String value = properties.get(property);
        if (value != null) {
            link.accept(UdevText.name(value));
        }
    }

    /** No file system takes longer ones, so udev has no link then either. */
    private static boolean isFileName(String link) {
        String last = link.substring(link.lastIndexOf('/') + 1);
        return last.getBytes(StandardCharsets.UTF_8).length <= MAX_LINK_BYTES;
    }
}
