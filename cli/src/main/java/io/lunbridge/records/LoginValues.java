package io.lunbridge.records;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a login makes of a record's values. A record keeps what the user
 * wrote, however impossible; iscsid and the kernel put it right when they log in, and say so.
 */
public final class LoginValues {

    private static final int LEAST_OCTETS = 512;
    private static final int MOST_OCTETS = (1 << 24) - 1;
    private static final int MOST_COMMANDS = 2048;
    private static final int MOST_OF_A_LUN = 1024;

    private static final String FIRST_BURST = "node.session.iscsi.FirstBurstLength";
    private static final String MAX_BURST = "node.session.iscsi.MaxBurstLength";
    private static final String MAX_RECEIVED = "node.conn[0].iscsi.MaxRecvDataSegmentLength";
    private static final String MAX_SENT = "node.conn[0].iscsi.MaxXmitDataSegmentLength";

    private final Map<String, String> values;
    private final Consumer<String> complaints;

    private LoginValues(Map<String, String> values, Consumer<String> complaints) {
        this.values = values;
        this.complaints = complaints;
    }

    /**
     * The values as a session can have them; those without a rule stay as they are.
     *
     * @param record by key; what is missing has the compiled default where a rule needs it
     * @param complaints told of each value that could not be, in open-iscsi's words
     */
    public static Map<String, String> of(Map<String, String> record, Consumer<String> complaints) {
        Map<String, String> values = new HashMap<>(record);
        LoginValues login = new LoginValues(values, complaints);
        login.timeouts();
        login.lengths();
        login.queues();
        return values;
    }

    private int number(String key) {
        String value = values.get(key);
        Key known = NodeKeys.IPV4.key(key);
        return (int) CNumber.parse(value != null ? value : known == null ? "" : known.preset());
    }

    private void set(String key, int value) {
        values.put(key, Integer.toString(value));
    }

    private void timeouts() {
        String timeouts = "node.conn[0].timeo.";
        for (String name : new String[] {"logout_timeout", "login_timeout"}) {
            if (number(timeouts + name) == 0) {
                takePreset(timeouts, name);
            }
        }
        int interval = number(timeouts + "noop_out_interval");
        int timeout = number(timeouts + "noop_out_timeout");
        if (interval != 0 && timeout == 0) {
            takePreset(timeouts, "noop_out_timeout");
        } else if (timeout != 0 && interval == 0) {
            takePreset(timeouts, "noop_out_interval");
        }
    }

    private void takePreset(String prefix, String name) {
        Key key = NodeKeys.IPV4.key(prefix + name);
        String preset = key == null ? "" : key.preset();
        complaints.accept("Invalid timeo." + name + ". Must be greater than zero. Using default " + preset + ".");
        values.put(prefix + name, preset);
    }

    private void lengths() {
        segment(MAX_RECEIVED, "Invalid iscsi.MaxRecvDataSegmentLength.");
        if (number(MAX_SENT) != 0) { // 0: what the target takes
            segment(MAX_SENT, "Invalid iscsi.MaxXmitDataSegmentLength.");
        }
        burst(FIRST_BURST, 262144);
        burst(MAX_BURST, 16776192);
        int first = number(FIRST_BURST);
        int most = number(MAX_BURST);
        if (first > most) {
            complaints.accept("Invalid iscsi.FirstBurstLength of " + first
                    + ". Must be less than iscsi.MaxBurstLength. Setting to " + most);
            set(FIRST_BURST, most);
        }
    }

    private void segment(String key, String complaint) {
        octets(key, 262144, complaint);
    }

    private void burst(String key, int preset) {
        String name = key.substring("node.session.".length());
        octets(key, preset, "Invalid " + name + " of " + Integer.toUnsignedString(number(key) & ~3) + ".");
    }

    private void octets(String key, int preset, String complaint) {
        int whole = number(key) & ~3;
        if (whole < LEAST_OCTETS || whole > MOST_OCTETS) {
            complaints.accept(
                    complaint + " Must be within " + LEAST_OCTETS + " and " + MOST_OCTETS + ". Setting to " + preset);
            whole = preset;
        }
        set(key, whole);
    }

    private void queues() {
        String commandsKey = "node.session.cmds_max";
        int commands = number(commandsKey);
        int possible = commands < 2 ? 128 : Integer.highestOneBit(Math.min(commands, MOST_COMMANDS));
        if (possible != commands) {
            complaints.accept("Invalid cmds_max of " + commands + ". Must be a power of two within 2 and "
                    + MOST_COMMANDS + ". Setting to " + possible);
            set(commandsKey, possible);
        }
        String depthKey = "node.session.queue_depth";
        int depth = number(depthKey);
        if (depth < 1 || depth > MOST_OF_A_LUN) {
            complaints.accept(
                    "Invalid queue_depth of " + depth + ". Must be within 1 and " + MOST_OF_A_LUN + ". Setting to 32");
            set(depthKey, 32);
        }
    }
}
