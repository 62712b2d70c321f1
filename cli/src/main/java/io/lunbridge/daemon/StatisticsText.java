package io.lunbridge.daemon;

import io.lunbridge.block.cache.CacheStatistics;
import io.lunbridge.iscsi.disk.DiskStatistics;
import io.lunbridge.iscsi.session.SessionStatistics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statistics as text: a session's in the form of open-iscsi's {@code iscsiadm -m session -s}, then the disk's. */
final class StatisticsText {

    private final StringBuilder out = new StringBuilder();

    private StatisticsText() {}

    /** The whole text; {@code session} says which session it is, {@code lun} which unit. */
    static String of(String session, SessionStatistics counted, String lun, DiskStatistics disk) {
        StatisticsText text = new StatisticsText();
        text.out.append("Stats for session [").append(session).append("]\n");
        text.counters("iSCSI SNMP", counted.counters());
        text.counters("iSCSI Extended", counted.extended());
        text.disk(lun, disk);
        return text.out.toString();
    }

    /** Of the cache; empty where there is none. */
    static String of(@Nullable CacheStatistics cache) {
        StatisticsText text = new StatisticsText();
        if (cache != null) {
            text.out.append("Cache:\n");
            text.counter("cache_hits", cache.hits());
            text.counter("cache_hit_octets", cache.hitBytes());
            text.counter("cache_misses", cache.misses());
            text.counter("cache_hit_percent", cache.hitPercent());
            text.counter("cache_evictions", cache.pages().evictions());
            text.counter("cache_octets", cache.pages().heldBytes());
            text.counter("readahead_hits", cache.readAhead().hits());
            text.counter("readahead_octets", cache.readAhead().bytes());
        }
        return text.out.toString();
    }

    private void counters(String title, Map<String, Long> counters) {
        out.append(title).append(":\n");
        counters.forEach(this::counter);
    }

    private void counter(String name, long count) {
        out.append('\t').append(name).append(": ").append(count).append('\n');
    }

    private void disk(String lun, DiskStatistics disk) {
        out.append("LUN ").append(lun).append(":\n");
        counter("queue_depth", disk.queue().depth());
        counter("queue_depth_max", disk.queue().maxDepth());
        counter("in_flight", disk.queue().inFlight());
        counter("held", disk.queue().held());
        disk.retries().forEach((cause, count) -> counter("retries_" + cause, count));
        disk.attentions().forEach((news, count) -> counter("attentions_" + news, count));
        disk.operations().forEach(this::operation);
    }

    private void operation(String name, DiskStatistics.OfOperation operation) {
        counter(name + "_commands", operation.count());
        counter(name + "_octets", operation.bytes());
        counter(name + "_failures", operation.failures());
        counter(name + "_us_mean", operation.latency().meanMicros());
        counter(name + "_us_p50", operation.latency().medianMicros());
        counter(name + "_us_p99", operation.latency().p99Micros());
        counter(name + "_us_p999", operation.latency().p999Micros());
        counter(name + "_us_max", operation.latency().maxMicros());
    }
}
