package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.Root;
import io.lunbridge.devices.Devices;
import io.lunbridge.devices.Threads;
import io.lunbridge.records.LoginValues;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of node records that this process has. Every method may be called by any thread that may block, and tells
 * open-iscsi's number of what goes wrong. When the devices are let go of or closed, sessions end with this process and go
 * on with the next; only {@link #logOut} ends them for good.
 */
public final class NodeSessions {

    private static final Logger LOG = LoggerFactory.getLogger(NodeSessions.class);

    private final Devices devices;
    private final SessionFiles files;
    private final Supplier<Map<String, String>> hostSettings;
    private final Map<Integer, NodeSession> sessions = new TreeMap<>();
    private final Set<Nexus> loggingIn = new HashSet<>();

    /** What a record logs in to, and through which interface. */
    private record Nexus(String ifaceName, String targetName, HostPort portal) {

        static Nexus of(NodeSettings node) throws CommandException {
            return new Nexus(node.ifaceName(), node.targetName(), node.portal());
        }
    }

    private NodeSessions(Devices devices, SessionFiles files, Supplier<Map<String, String>> hostSettings) {
        this.devices = devices;
        this.files = files;
        this.hostSettings = hostSettings;
    }

    /**
     * Goes on with the sessions of the process before. Before {@link Devices#start}, so that their devices find them.
     *
     * @param hostSettings asked at each login for keys and values that a record has besides its own
     */
    public static NodeSessions open(Root root, Devices devices, Supplier<Map<String, String>> hostSettings)
            throws CommandException {
        try {
            NodeSessions sessions = new NodeSessions(devices, new SessionFiles(root.sessions()), hostSettings);
            for (SessionNote note : sessions.files.read()) {
                sessions.put(NodeSession.resume(devices, sessions.files, note));
            }
            return sessions;
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "the sessions' state cannot be read: " + e, e);
        }
    }

    private synchronized void put(NodeSession session) {
        sessions.put(session.note().node().sid(), session);
    }

    /**
     * Logs in and, unless the record's scan is manual, attaches all LUNs.
     *
     * @param record keys and values of a node record
     * @param multiple whether it is to be one session more than there are (M-44); else there are no more than the record's
     *     {@code nr_sessions} (U-9, M-117)
     * @return the sid
     */
    public int logIn(Map<String, String> record, boolean multiple) throws CommandException, InterruptedException {
        NodeSettings node = settings(record);
        Nexus nexus = Nexus.of(node);
        begin(nexus);
        try {
            requireRoom(node, multiple);
            NodeSession session = logIn(node);
            if (node.scans()) {
                scan(session);
            }
            return session.note().node().sid();
        } finally {
            end(nexus);
        }
    }

    /** What the record says, put right where no session can be so. */
    private NodeSettings settings(Map<String, String> record) throws CommandException {
        Map<String, String> all = new HashMap<>(hostSettings.get());
        all.putAll(record);
        NodeSettings node = new NodeSettings(0, LoginValues.of(all, LOG::warn));
        if (node.hasUnaskedCredentials()) {
            LOG.warn(
                    "{}: node.session.auth.authmethod is None, but there is a user name, which is used all the same;"
                            + " set authmethod to CHAP, or remove the user name",
                    node.targetName());
        }
        return node;
    }

    /** The same without waiting for what comes of it; that there is a session already is told at once. */
    public void beginLogIn(Map<String, String> record, boolean multiple) throws CommandException {
        NodeSettings node = settings(record);
        requireRoom(node, multiple);
        var unused = Threads.start("login", () -> {
            try {
                LOG.info("sid {} is logged in", logIn(record, multiple));
            } catch (CommandException e) {
                LOG.warn("a login that nobody waits for has failed: {}", e.sentence());
            } catch (InterruptedException e) {
                LOG.debug("a login is given up");
            }
        });
    }

    private NodeSession logIn(NodeSettings node) throws CommandException, InterruptedException {
        int sid = files.takeSid();
        boolean done = false;
        try {
            NodeSession session = NodeSession.logIn(devices, files, node.withSid(sid));
            put(session);
            done = true;
            return session;
        } finally {
            if (!done) {
                files.giveBack(sid);
            }
        }
    }

    /** A target that does not list its LUNs has let us log in all the same. */
    private static void scan(NodeSession session) throws InterruptedException {
        try {
            session.scan();
        } catch (CommandException e) {
            LOG.warn("{}: its LUNs are not known: {}", session.note().node(), e.sentence());
        }
    }

    /** One login at a time for the same. */
    private synchronized void begin(Nexus nexus) throws InterruptedException {
        while (!loggingIn.add(nexus)) {
            wait();
        }
    }

    private synchronized void end(Nexus nexus) {
        loggingIn.remove(nexus);
        notifyAll();
    }

    private void requireRoom(NodeSettings node, boolean multiple) throws CommandException {
        if (multiple) {
            return;
        }
        Nexus nexus = Nexus.of(node);
        int present = 0;
        for (NodeSession session : all()) {
            if (Nexus.of(session.note().node()).equals(nexus)) {
                present++;
            }
        }
        if (present >= node.sessions()) {
            throw IscsiError.SESSION_EXISTS.because(node.sessions() + " session(s) requested, but " + present
                    + " already present with " + nexus.targetName + " at " + nexus.portal);
        }
    }

    private synchronized List<NodeSession> all() {
        sessions.values().removeIf(NodeSession::isOver);
        return List.copyOf(sessions.values());
    }

    private NodeSession find(int sid) throws CommandException {
        for (NodeSession session : all()) {
            if (session.note().node().sid() == sid) {
                return session;
            }
        }
        throw IscsiError.SESSION_NOT_FOUND.because("there is no session " + sid);
    }

    /**
     * Takes the devices away and logs out: when this returns, neither they nor their links are there any more.
     *
     * @param safe whether a device that is in use prevents it
     */
    public void logOut(int sid, boolean safe) throws CommandException, InterruptedException {
        find(sid).logOut(safe);
    }

    /** Attaches LUNs that are new, and takes over new sizes. LUNs that are gone keep their devices (S-35). */
    public void rescan(int sid) throws CommandException, InterruptedException {
        find(sid).scan();
    }

    /** All sessions by their sids, each with everything that is to be known of it; with secrets. */
    public List<Report> list() {
        return all().stream().map(SessionReport::of).toList();
    }
}
