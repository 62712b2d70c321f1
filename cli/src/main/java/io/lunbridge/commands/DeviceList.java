package io.lunbridge.commands;

import io.lunbridge.daemon.LunUrl;
import io.lunbridge.daemon.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The daemon's devices and those that only the kernel knows, in one list. */
final class DeviceList {

    /** For people; programs get every fact. */
    static final Table TABLE = new Table(List.of(
            new Table.Column("device", "DEVICE"),
            new Table.Column("target", "TARGET"),
            new Table.Column("portal", "PORTAL"),
            new Table.Column("lun", "LUN"),
            new Table.Column("sizeBytes", "SIZE"),
            new Table.Column("state", "STATE"),
            new Table.Column("inFlight", "IN-FLIGHT"),
            new Table.Column("queued", "QUEUED"),
            new Table.Column("secondsLeft", "LEFT")));

    /** How a device of a daemon is called by the kernel. */
    private static final String DAEMONS = "lunbridge-";

    private DeviceList() {}

    /**
     * The daemon's, then the others of the kernel.
     *
     * @param daemons null if no daemon runs
     * @param kernels all that the kernel has, the daemon's too
     */
    static List<Report> of(@Nullable List<Report> daemons, List<Report> kernels) {
        Map<Object, Report> others = new LinkedHashMap<>();
        kernels.forEach(device -> others.put(String.valueOf(device.values().get("device")), device));
        List<Report> devices = new ArrayList<>();
        for (Report device : daemons == null ? List.<Report>of() : daemons) {
            // What the daemon knows of others' devices, the kernel knows better.
            if (device.values().get("target") != null) {
                Report known = others.remove(String.valueOf(device.values().get("device")));
                Map<String, @Nullable Object> facts = known == null ? Map.of() : known.values();
                devices.add(device.put("readOnly", facts.get("readOnly")).put("backend", facts.get("backend")));
            }
        }
        others.values().forEach(device -> devices.add(other(device, daemons == null)));
        return devices;
    }

    /** Whether the device is of that LUN, or of a part of it. */
    static boolean isOf(Report device, LunUrl url) {
        Map<String, @Nullable Object> facts = device.values();
        return url.targetName().equals(facts.get("target"))
                && url.portal().toString().equals(facts.get("portal"))
                && facts.get("lun") instanceof Number lun
                && lun.intValue() == url.lun();
    }

    /** With the daemon's keys, as far as the kernel's facts tell them. */
    private static Report other(Report device, boolean isDaemonGone) {
        Map<String, @Nullable Object> facts = device.values();
        String backend = facts.get("backend") == null ? "" : String.valueOf(facts.get("backend"));
        LunUrl url = url(backend);
        boolean orphaned = isDaemonGone && backend.startsWith(DAEMONS);
        return new Report()
                .put("device", facts.get("device"))
                .put("target", url == null ? backend : url.targetName())
                .put("portal", url == null ? null : url.portal().toString())
                .put("lun", url == null ? null : url.lun())
                .put("sizeBytes", facts.get("sizeBytes"))
                .put("state", orphaned ? "unserved" : "foreign")
                .put("inFlight", null)
                .put("queued", null)
                .put("secondsLeft", null)
                .put("detail", null)
                .put("id", null)
                .put("readOnly", facts.get("readOnly"))
                .put("backend", facts.get("backend"));
    }

    /** What a foreground attach has told the kernel. */
    private static @Nullable LunUrl url(String backend) {
        try {
            return LunUrl.parse(backend.replaceFirst(" .*", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
