package io.lunbridge.iscsiadm;

import java.util.Locale;

/** A sentence on each option, mode and operation, for the manual. No new one compiles without. */
final class OptionText {

    private OptionText() {}

    /** What an option is for. */
    static String of(Option option) {
        return switch (option) {
            case MODE -> "What the command is about; see MODES.";
            case PORTAL ->
                "A portal: ADDRESS, ADDRESS:PORT or ADDRESS:PORT,GROUP. An IPv6 address with a port stands in brackets."
                        + " The port is 3260 if none is given, for iSNS 3205.";
            case TARGETNAME -> "Only records or sessions of this target.";
            case INTERFACE ->
                "Through this interface (a record of mode iface). In a discovery it may be given several times.";
            case OP -> "What to do with records; see OPERATIONS.";
            case TYPE -> "How to discover: sendtargets (or st), isns, or fw.";
            case NAME -> "The key of a record to change. Pairs of -n and -v may be repeated.";
            case VALUE -> "Its new value.";
            case HOST -> "A host's number or hardware address.";
            case SID -> "A session, by its number or a path in sysfs that holds sessionNUMBER.";
            case RESCAN -> "Look for new LUNs and new sizes.";
            case PRINT -> "How much is printed: 0 to 1 for records, 0 to 3 for sessions, 0 to 4 for hosts.";
            case DISCOVER -> "Discover by the record of the portal.";
            case LOGIN -> "Log in to all records that match, or to all that are discovered.";
            case LOGINALL -> "Log in to all records with this node.startup: all, manual, automatic or onboot.";
            case LOGOUT -> "Log out of all sessions that match.";
            case LOGOUTALL ->
                "Log out of all sessions of records with this node.startup: all, manual or automatic. Those with"
                        + " onboot stay.";
            case STATS -> "Print a session's counters.";
            case KILLISCSID -> "Stop iscsid; the priority is 0. Sessions and disks stay for the next one.";
            case DEBUG -> "Tell more on standard error, 0 to 8.";
            case SHOW -> "Print passwords as they are.";
            case VERSION -> "Print the version of open-iscsi whose command line this is.";
            case HELP -> "Print the forms of the command.";
            case SUBMODE -> "A part of a mode: ping, chap, flashnode or stats. These are for adapters, and fail here.";
            case IP -> "The address to ping.";
            case PACKETSIZE -> "Of a ping.";
            case COUNT -> "How many pings.";
            case INTERVAL -> "Between pings.";
            case INDEX -> "An entry of an adapter's table.";
            case PORTAL_TYPE -> "ipv4 or ipv6, of an adapter's table.";
            case NO_WAIT -> "Do not wait for what comes of a login.";
        };
    }

    /** What follows an option; empty if nothing does. */
    static String label(Option option) {
        return switch (option) {
            case MODE -> "MODE";
            case PORTAL -> "PORTAL";
            case TARGETNAME -> "TARGET";
            case INTERFACE -> "IFACE";
            case OP -> "OPERATION";
            case TYPE -> "TYPE";
            case NAME -> "KEY";
            case VALUE -> "VALUE";
            case HOST -> "HOST";
            case SID -> "SID";
            case PRINT -> "LEVEL";
            case LOGINALL, LOGOUTALL -> "STARTUP";
            case KILLISCSID -> "PRIORITY";
            case DEBUG -> "LEVEL";
            case SUBMODE -> "SUBMODE";
            case IP -> "ADDRESS";
            case PACKETSIZE -> "BYTES";
            case COUNT -> "NUMBER";
            case INTERVAL -> "SECONDS";
            case INDEX -> "INDEX";
            case PORTAL_TYPE -> "TYPE";
            default -> {
                if (option.argument() != Option.Argument.NONE) {
                    throw new IllegalStateException(option.longName());
                }
                yield "";
            }
        };
    }

    /** What a mode is about. */
    static String of(Mode mode) {
        return switch (mode) {
            case DISCOVERY -> "Discovers targets, and keeps a record of each portal found.";
            case DISCOVERYDB -> "The records of discoveries; a discovery by the settings of one.";
            case NODE -> "The records of portals, and logins by them.";
            case SESSION -> "The sessions.";
            case HOST -> "The hosts, of which each session has one.";
            case IFACE -> "The records of interfaces: what a session is bound to.";
            case FW -> "The targets that the firmware's boot table names.";
        };
    }

    /** What an operation does. */
    static String of(Operation operation) {
        return switch (operation) {
            case NEW -> "Make a record, anew if there is one. In a discovery: only add what is missing.";
            case DELETE ->
                "Delete records; refused while a session uses them. In a discovery: delete what was not found any more.";
            case UPDATE -> "Change records, by -n and -v. In a discovery: renew what is there.";
            case SHOW -> "Print records with all keys.";
            case NONPERSISTENT -> "Discover and print without a record.";
            case APPLY, APPLY_ALL -> "For adapters; fails here.";
            case LOGIN -> "For adapters; fails here. See -l.";
            case LOGOUT -> "For adapters; fails here. See -u.";
        };
    }

    /** An operation, as on the command line. */
    static String word(Operation operation) {
        String word = operation.name().toLowerCase(Locale.ROOT).replace("_", "");
        if (Operation.of(word) != operation) {
            throw new IllegalStateException(word);
        }
        return word;
    }
}
