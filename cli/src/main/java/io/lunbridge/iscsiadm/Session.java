package io.lunbridge.iscsiadm;

import java.util.List;
import java.util.Map;

/** A session of the daemon, as it told of it. */
final class Session {

    private final Map<?, ?> values;

    Session(Map<?, ?> values) {
        this.values = values;
    }

    /** All that it told. */
    Map<?, ?> values() {
        return values;
    }

    int sid() {
        return (int) number("sid", -1);
    }

    String targetName() {
        return text("target");
    }

    /** Of the SCSI host that it is, of one session each. */
    long hostNumber() {
        return number("hostNumber", 0);
    }

    int tpgt() {
        return (int) number("tpgt", Portal.UNKNOWN_TPGT);
    }

    /** Where it is connected, after redirections. */
    String address() {
        return text("currentAddress");
    }

    int port() {
        return (int) number("currentPort", 0);
    }

    /** What its record says. */
    String persistentAddress() {
        return text("persistentAddress");
    }

    int persistentPort() {
        return (int) number("persistentPort", 0);
    }

    String ifaceName() {
        return text("ifaceName");
    }

    String transportName() {
        return text("transport");
    }

    /** A value as text; empty if it was not told. */
    String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : value.toString();
    }

    /** A number; the other one if it was not told. */
    long number(String name, long otherwise) {
        return values.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    /** A part with values of its own; empty if it was not told. */
    Map<?, ?> part(String name) {
        return values.get(name) instanceof Map<?, ?> part ? part : Map.of();
    }

    /** Parts of the same kind; empty if they were not told. */
    List<?> parts(String name) {
        return values.get(name) instanceof List<?> parts ? parts : List.of();
    }

    /** As messages name it. */
    String label() {
        return "[sid: " + sid() + ", target: " + targetName() + ", portal: " + persistentAddress() + "," + port() + "]";
    }
}
