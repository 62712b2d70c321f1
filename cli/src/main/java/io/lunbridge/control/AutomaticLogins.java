package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        List<AutomaticStart.Wish> wishes = new ArrayList<>();
        Map<String, List<Map<String, String>>> leading = new LinkedHashMap<>();
        for (Map<String, String> record : records) {
            if (record.getOrDefault("node.leading_login", "No").equals("Yes")) {
                String target = record.getOrDefault("node.name", "?");
                leading.computeIfAbsent(target, name -> new ArrayList<>()).add(record);
            } else {
                wishes.add(new AutomaticStart.Wish(
                        name(record), () -> logInToAll(record, logIn), AutomaticLogins::isHopeless));
            }
        }
        leading.forEach((target, ways) -> wishes.add(new AutomaticStart.Wish(
                target + " by the first way that leads there",
                () -> logInToFirst(ways, logIn),
                AutomaticLogins::isHopeless)));
        return AutomaticStart.begin(wishes, retryMillis);
    }

    /** Leading logins of a target (M-40): one after the other until there is a session. */
    private static String logInToFirst(List<Map<String, String>> ways, LogIn logIn)
            throws CommandException, InterruptedException {
        CommandException failure = null;
        for (Map<String, String> record : ways) {
            try {
                int unused = logIn.run(record);
                return "logged in to, as " + name(record);
            } catch (CommandException e) {
                if (e.iscsiError() == SESSION_EXISTS) {
                    return "logged in to, as " + name(record);
                }
                failure = failure == null || isHopeless(failure) ? e : failure;
            }
        }
        if (failure == null) {
            throw new IllegalArgumentException("no way to go");
        }
        throw failure;
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
