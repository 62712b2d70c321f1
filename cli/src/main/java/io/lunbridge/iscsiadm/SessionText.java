package io.lunbridge.iscsiadm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sessions as {@code -m session} prints them, flat or as a tree of up to three levels (2.4, CR-11 to CR-15). */
final class SessionText {

    /** The first line of the deepest level: that of the kernel's transport class, whose place we take. */
    static final String CLASS_VERSION = "iSCSI Transport Class version 2.0-870";

    private static final int MOST = 3;

    /** Names of what was negotiated, in their order; each is a value of the session by the same name. */
    private static final String[] NEGOTIATED = {
        "HeaderDigest",
        "DataDigest",
        "MaxRecvDataSegmentLength",
        "MaxXmitDataSegmentLength",
        "FirstBurstLength",
        "MaxBurstLength",
        "ImmediateData",
        "InitialR2T",
        "MaxOutstandingR2T"
    };

    private final Console console;
    private final boolean showSecrets;

    /** What is told of a session beside its iface and its state. */
    enum Part {
        TIMEOUTS,
        CHAP,
        NEGOTIATED,
        HOST,
        DEVICES
    }

    /** @param showSecrets whether passwords are shown (M-17) */
    SessionText(Console console, boolean showSecrets) {
        this.console = console;
        this.showSecrets = showSecrets;
    }

    /** @param level 0 or less for a line each; to 3 */
    ErrorCode print(int level, List<Session> sessions) {
        if (level > MOST || level < -1) {
            console.error("Invalid info level " + level + ". Try 0 - 3.");
            return ErrorCode.INVAL;
        }
        if (level <= 0) {
            sessions.forEach(session -> console.print(flat(session)));
            return ErrorCode.SUCCESS;
        }
        if (level == MOST) {
            console.print(CLASS_VERSION);
            console.print("version " + Usage.VERSION);
        }
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (level > 1) {
            parts.addAll(EnumSet.of(Part.TIMEOUTS, Part.CHAP, Part.NEGOTIATED));
        }
        if (level > 2) {
            parts.addAll(EnumSet.of(Part.HOST, Part.DEVICES));
        }
        printTree(parts, sessions, "");
        return ErrorCode.SUCCESS;
    }

    private static String flat(Session session) {
        return session.transportName() + ": [" + session.sid() + "] " + persistentPortal(session) + " "
                + session.targetName() + " (non-flash)";
    }

    private static String persistentPortal(Session session) {
        return NodeText.withPort(session.persistentAddress(), session.persistentPort()) + "," + session.tpgt();
    }

    private static String currentPortal(Session session) {
        return NodeText.withPort(wide(session.address()), session.port()) + "," + session.tpgt();
    }

    /** A target's name and a portal are printed once for sessions that follow each other. */
    void printTree(Set<Part> parts, List<Session> sessions, String indent) {
        String target = "";
        String portal = "";
        for (Session session : sessions) {
            if (!session.targetName().equals(target)) {
                target = session.targetName();
                portal = "";
                console.print(indent + "Target: " + target + " (non-flash)");
            }
            if (currentPortal(session).equals(portal)) {
                console.print("");
            } else {
                portal = currentPortal(session);
                console.print(indent + "\tCurrent Portal: " + portal);
                console.print(indent + "\tPersistent Portal: " + persistentPortal(session));
            }
            print(parts, session, indent + "\t\t");
        }
    }

    private void print(Set<Part> parts, Session session, String indent) {
        printIface(session, indent);
        console.print(indent + "SID: " + session.sid());
        console.print(indent + "iSCSI Connection State: " + known(session.text("connectionState")));
        console.print(indent + "iSCSI Session State: " + known(session.text("sessionState")));
        console.print(indent + "Internal iscsid Session State: " + known(session.text("internalState")));
        if (parts.contains(Part.TIMEOUTS)) {
            printTimeouts(session, indent);
        }
        if (parts.contains(Part.CHAP)) {
            printChap(session, indent);
        }
        if (parts.contains(Part.NEGOTIATED)) {
            heading(indent, "************************", "Negotiated iSCSI params:");
            for (String name : NEGOTIATED) {
                printNegotiated(session, indent, name);
            }
        }
        if (parts.contains(Part.DEVICES)) {
            printDevices(parts, session, indent);
        }
    }

    private void heading(String indent, String stars, String text) {
        console.print(indent + stars);
        console.print(indent + text);
        console.print(indent + stars);
    }

    private void printIface(Session session, String indent) {
        heading(indent, "**********", "Interface:");
        console.print(indent + "Iface Name: " + orEmpty(session.ifaceName()));
        console.print(indent + "Iface Transport: " + orEmpty(session.transportName()));
        console.print(indent + "Iface Initiatorname: " + orEmpty(session.text("initiatorName")));
        console.print(indent + "Iface IPaddress: " + address(session.text("ipaddress")));
        console.print(indent + "Iface HWaddress: " + orDefault(session.text("hwaddress")));
        console.print(indent + "Iface Netdev: " + orDefault(session.text("netdev")));
    }

    private void printTimeouts(Session session, String indent) {
        heading(indent, "*********", "Timeouts:");
        console.print(indent + "Recovery Timeout: " + session.number("recoveryTimeout", 0));
        console.print(indent + "Target Reset Timeout: " + orEmpty(session.text("targetResetTimeout")));
        console.print(indent + "LUN Reset Timeout: " + orEmpty(session.text("lunResetTimeout")));
        console.print(indent + "Abort Timeout: " + orEmpty(session.text("abortTimeout")));
    }

    /** The last label is a slip of open-iscsi's, which its readers have learnt. */
    private void printChap(Session session, String indent) {
        heading(indent, "*****", "CHAP:");
        console.print(indent + "username: " + orEmpty(session.text("username")));
        console.print(indent + "password: " + (showSecrets ? orEmpty(session.text("password")) : "********"));
        console.print(indent + "username_in: " + orEmpty(session.text("usernameIn")));
        console.print(
                indent + (showSecrets ? "password: " + orEmpty(session.text("passwordIn")) : "password_in: ********"));
    }

    private void printNegotiated(Session session, String indent, String name) {
        Object value = session.part("negotiated").get(name);
        if (value != null) {
            Object word = value instanceof Boolean yes ? (yes ? "Yes" : "No") : value;
            console.print(indent + name + ": " + word);
        }
    }

    private void printDevices(Set<Part> parts, Session session, String indent) {
        heading(indent, "************************", "Attached SCSI devices:");
        if (parts.contains(Part.HOST)) {
            console.print(
                    indent + "Host Number: " + session.hostNumber() + "\tState: " + known(session.text("hostState")));
        }
        for (Object each : session.parts("luns")) {
            if (each instanceof Map<?, ?> values) {
                printDevice(new Session(values), session.hostNumber(), indent);
            }
        }
    }

    private void printDevice(Session device, long host, String indent) {
        console.print(indent + "scsi" + host + " Channel 00 Id " + device.number("id", 0) + " Lun: "
                + device.number("lun", 0));
        if (!device.text("device").isEmpty()) {
            console.print(indent + "\tAttached scsi disk " + device.text("device") + "\t\tState: "
                    + known(device.text("state")));
        }
    }

    static String orEmpty(String text) {
        return text.isEmpty() ? "<empty>" : text;
    }

    private static String orDefault(String text) {
        return text.isEmpty() ? "default" : text;
    }

    /** An address of a connection; IPv6 in brackets. */
    static String address(String address) {
        return address.indexOf(':') < 0 ? orEmpty(address) : "[" + wide(address) + "]";
    }

    /** IPv6 with all its digits, as the kernel shows a connection's addresses. */
    private static String wide(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        int scope = address.indexOf('%');
        try {
            byte[] bytes = InetAddress.getByName(scope < 0 ? address : address.substring(0, scope))
                    .getAddress();
            StringBuilder wide = new StringBuilder();
            for (int i = 0; i < bytes.length; i++) {
                wide.append(i > 0 && i % 2 == 0 ? ":" : "")
                        .append(Character.forDigit(bytes[i] >> 4 & 0xf, 16))
                        .append(Character.forDigit(bytes[i] & 0xf, 16));
            }
            return wide.toString();
        } catch (UnknownHostException e) {
            return address;
        }
    }

    static String known(String state) {
        return state.isEmpty() ? "Unknown" : state;
    }
}
