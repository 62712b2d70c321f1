package io.lunbridge.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the kernel's own initiator and ours make of the same LUNs: attributes of {@code /sys/block/sdX} and of
 * {@code /sys/block/nbdX} beside each other, and why they differ where they do.
 */
final class QueueLimits {

    private static final String TAG = "limit\t";
    private static final String NONE = "-";

    private final List<Limit> limits;
    private final List<Reason> reasons;

    private QueueLimits(List<Limit> limits, List<Reason> reasons) {
        this.limits = limits;
        this.reasons = reasons;
    }

    /**
     * An attribute of a LUN on both sides.
     *
     * @param kind the LUN, by what is special about it
     * @param sd the kernel initiator's; {@value #NONE} where it has no such attribute or nothing in it
     * @param nbd ours, likewise
     */
    record Limit(String kind, String attribute, String sd, String nbd) {
        boolean same() {
            return sd.equals(nbd);
        }
    }

    /** Why an attribute may differ for LUNs of these kinds; {@value #ALL} stands for each kind. */
    record Reason(String attribute, List<String> kinds, String text) {

        static final String ALL = "all";

        boolean covers(Limit limit) {
            return attribute.equals(limit.attribute()) && (kinds.contains(ALL) || kinds.contains(limit.kind()));
        }
    }

    /**
     * @param output what {@code queue-limits.sh} printed
     * @param reasons lines of an attribute, kinds with commas between them, and a text, separated by tabs
     */
    static QueueLimits of(String output, String reasons) {
        return new QueueLimits(
                limits(output),
                reasons.lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(line -> line.split("\t"))
                        .map(cells -> new Reason(cells[0], List.of(cells[1].split(",")), cells[2]))
                        .toList());
    }

    private static List<Limit> limits(String output) {
        Map<List<String>, Map<String, String>> values = new LinkedHashMap<>();
        output.lines()
                .filter(line -> line.startsWith(TAG))
                .map(line -> line.split("\t", -1))
                .forEach(cells -> values.computeIfAbsent(List.of(cells[1], cells[3]), key -> new HashMap<>())
                        .put(cells[2], cells[4]));
        return values.entrySet().stream()
                .map(entry -> new Limit(
                        entry.getKey().get(0),
                        entry.getKey().get(1),
                        entry.getValue().getOrDefault("sd", NONE),
                        entry.getValue().getOrDefault("nbd", NONE)))
                .toList();
    }

    boolean isEmpty() {
        return limits.isEmpty();
    }

    /** Those that differ and have no reason to. */
    List<Limit> unexplained() {
        return limits.stream()
                .filter(limit -> !limit.same())
                .filter(limit -> reasons.stream().noneMatch(reason -> reason.covers(limit)))
                .toList();
    }

    /** Reasons for what does not differ at all, in one of the kinds that they name. */
    List<Reason> idle() {
        return reasons.stream().filter(reason -> !explains(reason)).toList();
    }

    private boolean explains(Reason reason) {
        return reason.kinds().stream()
                .allMatch(kind -> limits.stream()
                        .anyMatch(limit -> !limit.same()
                                && reason.covers(limit)
                                && (kind.equals(Reason.ALL) || kind.equals(limit.kind()))));
    }

    /** A table of all of them, first those that differ. */
    String markdown() {
        List<String> text = new ArrayList<>();
        text.add("| attribute | kernel's initiator | ours | LUN | why |");
        text.add("|---|---|---|---|---|");
        Map<String, List<Limit>> differing = byAttribute(false);
        differing.forEach((attribute, all) -> all.stream()
                .collect(Collectors.groupingBy(
                        limit -> limit.sd() + " | " + limit.nbd(),
                        TreeMap::new,
                        Collectors.mapping(limit -> limit, Collectors.toList())))
                .forEach((values, group) -> text.add(
                        "| `" + attribute + "` | " + values + " | " + kinds(group) + " | " + why(group) + " |")));
        text.add("");
        text.add("The same on both sides:");
        text.add("");
        text.add("| attribute | value | LUN |");
        text.add("|---|---|---|");
        byAttribute(true)
                .forEach((attribute, all) -> all.stream()
                        .collect(Collectors.groupingBy(Limit::sd, TreeMap::new, Collectors.toList()))
                        .forEach((value, group) ->
                                text.add("| `" + attribute + "` | " + value + " | " + kinds(group) + " |")));
        text.add("");
        return String.join("\n", text);
    }

    private Map<String, List<Limit>> byAttribute(boolean same) {
        return limits.stream()
                .filter(limit -> limit.same() == same)
                .collect(Collectors.groupingBy(Limit::attribute, TreeMap::new, Collectors.toList()));
    }

    private String kinds(List<Limit> group) {
        List<String> kinds = group.stream().map(Limit::kind).distinct().toList();
        boolean all =
                kinds.size() == limits.stream().map(Limit::kind).distinct().count();
        return all ? Reason.ALL : String.join(", ", kinds);
    }

    private String why(List<Limit> group) {
        return reasons.stream()
                .filter(reason -> group.stream().anyMatch(reason::covers))
                .map(Reason::text)
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
