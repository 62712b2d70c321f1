package io.lunbridge.iscsiadm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks for new LUNs of sessions, and prints what they have counted (M-42, S-35, S-36). */
final class SessionWork {

    private final Context context;
    private final Console console;

    SessionWork(Context context) {
        this.context = context;
        this.console = context.console();
    }

    /** Adds new LUNs and takes new sizes over; what went is kept. */
    ErrorCode rescan(NodePattern pattern, @Nullable Session only) throws CommandEnd {
        ErrorCode outcome = ErrorCode.SUCCESS;
        for (Session session : meant(pattern, only)) {
            console.print("Rescanning session " + session.label());
            console.flush();
            try {
                context.daemon().ask("rescan", Map.of("sid", session.sid()));
            } catch (DaemonFailure e) {
                console.error("Could not rescan session sid " + session.sid() + ".");
                outcome = outcome.or(e.error());
            }
        }
        return outcome;
    }

    ErrorCode printStatistics(NodePattern pattern, @Nullable Session only) throws CommandEnd {
        for (Session session : meant(pattern, only)) {
            console.print("Stats for session " + session.label());
            console.print("iSCSI SNMP:");
            session.part("statistics").forEach((name, value) -> console.print("\t" + name + ": " + value));
            printExtended(session);
        }
        return ErrorCode.SUCCESS;
    }

    /** What the kernel's initiator counts beyond the standard: of three kinds of trouble we can have one. */
    private void printExtended(Session session) {
        Object aborts = session.part("statistics").get("tmfcmd_pdus");
        console.print("iSCSI Extended:");
        console.print("\ttx_sendpage_failures: 0");
        console.print("\trx_discontiguous_hdr: 0");
        console.print("\teh_abort_cnt: " + (aborts == null ? 0 : aborts));
    }

    private List<Session> meant(NodePattern pattern, @Nullable Session only) throws CommandEnd {
        List<Session> meant = new ArrayList<>();
        for (Session session : context.sessions()) {
            if (only == null ? pattern.matches(session) : only.sid() == session.sid()) {
                meant.add(session);
            }
        }
        if (meant.isEmpty()) {
            console.error("No session found.");
            throw new CommandEnd(ErrorCode.NO_OBJS_FOUND);
        }
        return meant;
    }
}
