package io.lunbridge.devices;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.SessionIdentity;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a successor has to know of a device.
 *
 * @param id 16 hexadecimal digits, for the device's life
 * @param spec as it was asked for
 * @param device as {@code /dev/nbdN}, once the kernel has named it
 * @param served what is behind it; null before the first login
 */
record DeviceState(
        String id,
        Phase phase,
        AttachSpec spec,
        @Nullable String device,
        @Nullable Served served) {

    /**
     * What is behind a device.
     *
     * @param session the one whose tasks may still be at the target
     * @param unit the LUN's identity, compared as a whole
     * @param geometry the LUN's
     */
    record Served(SessionIdentity session, String unit, Geometry geometry) {

        Served with(Geometry newGeometry) {
            return new Served(session, unit, newGeometry);
        }
    }

    /** Of the file's form; raised when a key changes its meaning, not when one is added. */
    private static final int VERSION = 1;

    /** What the kernel shows of a device of the daemon's, before its id. */
    static final String BACKEND_PREFIX = "lunbridge-";

    /** What the kernel knows the device by, over all daemons. */
    String backendIdentifier() {
        return BACKEND_PREFIX + id;
    }

    DeviceState with(Phase newPhase) {
        return new DeviceState(id, newPhase, spec, device, served);
    }

    DeviceState with(Served newServed) {
        return new DeviceState(id, phase, spec, device, newServed);
    }

    DeviceState attachedAs(String newDevice) {
        return new DeviceState(id, Phase.ATTACHED, spec, newDevice, served);
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("version", VERSION);
        map.put("id", id);
        map.put("phase", phase.name());
        map.put("spec", spec.toMap());
        if (device != null) {
            map.put("device", device);
        }
        if (served != null) {
            map.put("initiator", served.session.initiatorName());
            map.put("isid", served.session.isid());
            map.put("isid-number", served.session.number());
            map.put("unit", served.unit);
            map.putAll(geometryMap(served.geometry));
        }
        return map;
    }

    private static Map<String, Object> geometryMap(Geometry geometry) {
        return Map.of(
                "size-bytes", geometry.sizeBytes(),
                "block-bytes", geometry.blockBytes(),
                "preferred-bytes", geometry.preferredBytes(),
                "max-transfer-bytes", geometry.maxTransferBytes(),
                "features",
                        geometry.features().stream().map(Enum::name).sorted().toList());
    }

    /**
     * From {@link #toMap}.
     *
     * @throws IllegalArgumentException or a CommandException for anything else
     */
    static DeviceState fromMap(Map<String, ?> map) throws CommandException {
        if (number(map, "version") > VERSION) {
            throw new IllegalArgumentException("it was written by a newer Lunbridge");
        }
        if (!(map.get("spec") instanceof Map<?, ?> spec)) {
            throw new IllegalArgumentException("it has no spec");
        }
        Map<String, Object> specMap = new LinkedHashMap<>();
        spec.forEach((key, value) -> specMap.put(String.valueOf(key), value));
        Object device = map.get("device");
        return new DeviceState(
                text(map, "id"),
                Phase.valueOf(text(map, "phase")),
                AttachSpec.fromMap(specMap),
                device == null ? null : device.toString(),
                map.containsKey("unit") ? served(map) : null);
    }

    private static Served served(Map<String, ?> map) {
        SessionIdentity session =
                new SessionIdentity(text(map, "initiator"), number(map, "isid"), (int) number(map, "isid-number"));
        if (!(map.get("features") instanceof List<?> names)) {
            throw new IllegalArgumentException("it has no features");
        }
        Geometry geometry = new Geometry(
                number(map, "size-bytes"),
                (int) number(map, "block-bytes"),
                (int) number(map, "preferred-bytes"),
                (int) number(map, "max-transfer-bytes"),
                features(names));
        return new Served(session, text(map, "unit"), geometry);
    }

    /** What a later version may have added is passed over. */
    private static Set<Feature> features(List<?> names) {
        return Arrays.stream(Feature.values())
                .filter(feature -> names.contains(feature.name()))
                .collect(Collectors.toSet());
    }

    private static String text(Map<String, ?> map, String key) {
        if (map.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("it has no " + key);
    }

    private static long number(Map<String, ?> map, String key) {
        if (map.get(key) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("it has no " + key);
    }
}
