package io.lunbridge.iscsiadm;

import io.lunbridge.iscsiadm.SessionText.Part;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code -m host}: the SCSI hosts, one per session as with the kernel's software initiator (M-61). What only adapters have,
 * CHAP tables, flash nodes and statistics of their own (M-62), is answered as if there were no such host.
 */
final class HostMode {

    private static final int MOST = 4;

    private final Context context;
    private final Console console;
    private final Request request;

    HostMode(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    ErrorCode run() throws CommandEnd {
        if (request.subMode != null && isOfAdapters(request.subMode)) {
            return runOfAdapter(request.subMode);
        }
        if (request.printLevel > MOST || request.printLevel < -1) {
            console.error("Invalid info level " + request.printLevel + ". Try 0 - 4.");
            return ErrorCode.INVAL;
        }
        if (request.printLevel == MOST) {
            console.print(SessionText.CLASS_VERSION);
            console.print("version " + Usage.VERSION);
        }
        Map<Long, Session> hosts = new LinkedHashMap<>();
        for (Session session : context.sessions()) {
            long number = session.hostNumber();
            if (request.hostNumber < 0 || request.hostNumber == number) {
                hosts.put(number, session);
            }
        }
        if (hosts.isEmpty()) {
            console.error("No iSCSI hosts.");
            return ErrorCode.NO_OBJS_FOUND;
        }
        hosts.forEach(this::print);
        return ErrorCode.SUCCESS;
    }

    private static boolean isOfAdapters(String subMode) {
        return subMode.equals("chap") || subMode.equals("flashnode") || subMode.equals("stats");
    }

    private ErrorCode runOfAdapter(String subMode) {
        if (subMode.equals("chap") && (request.operations.isEmpty() || request.hostNumber < 0)) {
            console.error("CHAP mode requires host no and valid operation");
            return ErrorCode.INVAL;
        }
        long number = Math.max(0, request.hostNumber);
        console.error("Could not read proc_name for host" + number + " rc 5.");
        console.error("Could not match hostno " + number + " to transport.");
        return ErrorCode.TRANS_NOT_FOUND;
    }

    /** A software host has no address nor name of its own, whatever its session's iface has. */
    private void print(long number, Session session) {
        String address = SessionText.address(session.text("ipaddress"));
        if (request.printLevel <= 0) {
            console.print(session.transportName() + ": [" + number + "] " + address + ",[<empty>],<empty> <empty>");
            return;
        }
        console.print("Host Number: " + number);
        console.print("\tState: " + SessionText.known(session.text("hostState")));
        console.print("\tTransport: " + session.transportName());
        console.print("\tInitiatorname: <empty>");
        console.print("\tIPaddress: " + address);
        console.print("\tHWaddress: <empty>");
        console.print("\tNetdev: <empty>");
        if (request.printLevel > 1) {
            console.print("\t*********");
            console.print("\tSessions:");
            console.print("\t*********");
            new SessionText(console, false).printTree(parts(request.printLevel), List.of(session), "\t");
        }
    }

    private static Set<Part> parts(int level) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        if (level > 2) {
            parts.add(Part.NEGOTIATED);
        }
        if (level == MOST) {
            parts.add(Part.DEVICES);
        }
        return parts;
    }
}
