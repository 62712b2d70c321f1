package io.lunbridge.iscsiadm;

import io.lunbridge.records.IfaceRecord;
import java.util.List;

/** {@code -m session}: the sessions there are, and work on one of them or on its record (M-42 to M-46). */
final class SessionMode {

    private final Context context;
    private final Console console;
    private final Request request;

    SessionMode(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
    }

    ErrorCode run() throws CommandEnd {
        return request.sid >= 0 ? runOne() : runAll();
    }

    private ErrorCode runAll() throws CommandEnd {
        if (request.isOnly(Operation.NEW)) {
            console.error("session mode: Operation 'new' only allowed with specific session IDs");
            return ErrorCode.INVAL;
        }
        if (request.logout || request.rescan || request.stats) {
            return new NodeMode(context, request).run(NodePattern.ALL, null);
        }
        List<Session> sessions = context.sessions();
        if (sessions.isEmpty()) {
            console.error("No active sessions.");
            return ErrorCode.NO_OBJS_FOUND;
        }
        if (MachineText.isWanted()) {
            MachineText.printSessions(console, sessions, request.show);
            return ErrorCode.SUCCESS;
        }
        return new SessionText(console, request.show).print(request.printLevel, sessions);
    }

    private ErrorCode runOne() throws CommandEnd {
        Session session = find();
        boolean isToPrint = !request.logout
                && !request.rescan
                && !request.stats
                && request.operations.isEmpty()
                && request.printLevel > 0;
        if (isToPrint) {
            return new SessionText(console, request.show).print(request.printLevel, List.of(session));
        }
        IfaceRecord iface =
                context.database().iface(session.ifaceName()).orElseGet(() -> IfaceRecord.named(session.ifaceName()));
        NodePattern itsRecord = new NodePattern(
                session.targetName(), session.persistentAddress(), session.persistentPort(), session.tpgt(), iface);
        return new NodeMode(context, request).run(itsRecord, session);
    }

    private Session find() throws CommandEnd {
        for (Session session : context.sessions()) {
            if (session.sid() == request.sid) {
                return session;
            }
        }
        console.error("could not read session targetname: 5");
        console.error("Could not get session info for sid " + request.sid);
        throw new CommandEnd(ErrorCode.SYSFS_LOOKUP);
    }
}
