package io.lunbridge.control;

import com.fasterxml.jackson.jr.ob.JSON;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Report;
import io.lunbridge.sessions.NodeSessions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The daemon's verbs that iscsiadm needs: what {@link NodeSessions} does, on behalf of a client. */
final class SessionVerbs implements ControlHandler {

    static final String LOGIN = "login";
    static final String RECORD = "record";
    static final String WAIT = "wait";
    static final String MULTIPLE = "multiple";
    static final String SID = "sid";
    static final String LOGOUT = "logout";
    static final String RESCAN = "rescan";
    static final String SESSIONS = "sessions";
    static final String FORCE = "force";

    /** Of one answer, so that it is no longer than a message may be. */
    private static final int MAX_LISTED_BYTES = 32 << 10;

    private static final Map<String, Set<String>> VERBS = Map.of(
            LOGIN, Set.of(RECORD, WAIT, MULTIPLE),
            LOGOUT, Set.of(SID, FORCE),
            RESCAN, Set.of(SID),
            SESSIONS, Set.of(DaemonClient.FROM));

    private final NodeSessions sessions;
    private final NodeDatabase database;
    private volatile boolean stopping;

    SessionVerbs(NodeSessions sessions, NodeDatabase database) {
        this.sessions = sessions;
        this.database = database;
    }

    @Override
    public Map<String, Set<String>> verbs() {
        return VERBS;
    }

    /** From now on nobody logs in any more. Any thread. */
    void stop() {
        stopping = true;
    }

    @Override
    public Map<String, @Nullable Object> answer(ControlRequest request) throws CommandException, InterruptedException {
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        switch (request.verb()) {
            case LOGIN -> logIn(request, results);
            case LOGOUT -> sessions.logOut(request.number(SID), !request.flag(FORCE) && database.safeLogout());
            case RESCAN -> sessions.rescan(request.number(SID));
            case SESSIONS -> results.putAll(list(request.number(DaemonClient.FROM)));
            default -> throw new IllegalStateException(request.verb());
        }
        return results;
    }

    /** Who does not say whether to wait waits. */
    private void logIn(ControlRequest request, Map<String, @Nullable Object> results)
            throws CommandException, InterruptedException {
        if (stopping) {
            throw new CommandException(ExitCode.FAILURE, "the daemon stops; try again when it runs again");
        }
        Map<String, String> record = new LinkedHashMap<>();
        request.object(RECORD).forEach((key, value) -> record.put(key, String.valueOf(value)));
        boolean multiple = request.flag(MULTIPLE);
        if (!request.arguments().containsKey(WAIT) || request.flag(WAIT)) {
            results.put(SID, sessions.logIn(record, multiple));
        } else {
            sessions.beginLogIn(record, multiple);
        }
    }

    private Map<String, @Nullable Object> list(int from) throws CommandException {
        List<Report> all = sessions.list();
        List<Map<String, @Nullable Object>> listed = new ArrayList<>();
        int next = Math.min(from, all.size());
        int bytes = 0;
        while (next < all.size() && bytes < MAX_LISTED_BYTES) {
            Map<String, @Nullable Object> values = all.get(next++).values();
            bytes += length(values);
            listed.add(values);
        }
        Map<String, @Nullable Object> results = new LinkedHashMap<>();
        results.put(SESSIONS, listed);
        if (next < all.size()) {
            results.put(DaemonClient.NEXT, next);
        }
        return results;
    }

    private static int length(Map<String, @Nullable Object> values) throws CommandException {
        try {
            return JSON.std.asBytes(values).length;
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "a session cannot be listed: " + e, e);
        }
    }
}
