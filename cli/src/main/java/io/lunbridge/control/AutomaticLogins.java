package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import java.util.List;
import java.util.Map;

/** The node records that iscsid logs in to by itself, side by side (U-11): as many sessions as each asks for. */
final class AutomaticLogins {

    /** Open-iscsi's numbers. */
    private static final int INVALID = 7;

    private static final int SESSION_EXISTS = 15;
    private static final int FATAL_LOGIN = 19;
    private static final int LOGIN_AUTHENTICATION = 24;

    /** Logs in and returns the sid; blocks. */
    interface LogIn {
        int run(Map<String, String> record) throws CommandException, InterruptedException;
    }

    private AutomaticLogins() {}

    /**
     * Begins.
     *
     * @param retryMillis pause after a login that failed after all its own attempts
     */
    static AutomaticStart start(List<Map<String, String>> records, LogIn logIn, long retryMillis) {
        return AutomaticStart.begin(
                records.stream()
                        .map(record -> new AutomaticStart.Wish(
                                name(record), () -> logInToAll(record, logIn), AutomaticLogins::isHopeless))
                        .toList(),
                retryMillis);
    }

    private static String name(Map<String, String> record) {
        return record.getOrDefault("node.name", "?") + " at " + record.getOrDefault("node.conn[0].address", "?") + ","
                + record.getOrDefault("node.conn[0].port", "?") + " through "
                + record.getOrDefault("iface.iscsi_ifacename", "default");
    }

    private static String logInToAll(Map<String, String> record, LogIn logIn)
            throws CommandException, InterruptedException {
        while (true) {
            try {
                int unused = logIn.run(record);
            } catch (CommandException e) {
                if (e.iscsiError() == SESSION_EXISTS) {
                    return "logged in to";
                }
                throw e;
            }
        }
    }

    /** Nothing but another record or another target could help. */
    private static boolean isHopeless(CommandException e) {
        return switch (e.iscsiError()) {
            case INVALID, FATAL_LOGIN, LOGIN_AUTHENTICATION -> true;
            default -> false;
        };
    }
}
