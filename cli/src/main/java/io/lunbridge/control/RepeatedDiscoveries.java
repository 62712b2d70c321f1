package io.lunbridge.control;

import io.lunbridge.daemon.ChapCredential;
import io.lunbridge.daemon.ChapCredentials;
import io.lunbridge.daemon.ChapSettings;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.Discovery;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.Transport;
import io.lunbridge.devices.Threads;
import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.sessions.NodeSessions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The discoveries that the daemon makes by itself (use_discoveryd, M-135): each portal on a thread of its own, again and
 * again. What it names is logged in to; what it does not name any more is logged out of, unless it is in use. A portal that
 * does not answer changes nothing.
 */
final class RepeatedDiscoveries implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedDiscoveries.class);
    private static final String RECORD = "discovery.sendtargets.";
    private static final int DEFAULT_SECONDS = 30;

    private final Root root;
    private final NodeDatabase database;
    private final NodeSessions sessions;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** None yet. */
    RepeatedDiscoveries(Root root, NodeSessions sessions) {
        this.root = root;
        database = NodeDatabase.of(root);
        this.sessions = sessions;
    }

    /** Begins with those that the database has now. */
    void begin() {
        for (DiscoveryRecord record : database.repeatedDiscoveries()) {
            threads.add(Threads.start("discovery-" + record.address(), () -> repeat(record)));
        }
    }

    private void repeat(DiscoveryRecord first) {
        Set<SessionPlace> before = new HashSet<>();
        DiscoveryRecord record = first;
        String lastSentence = "";
        try {
            while (record != null) {
                try {
                    List<Map<String, String>> found = database.nodes(record, ask(record));
                    database.foundBy(record).forEach(node -> before.add(SessionPlace.of(node)));
                    follow(found, before);
                    lastSentence = "";
                } catch (CommandException e) {
                    if (!e.sentence().equals(lastSentence)) {
                        LOG.warn("discovery at {}: {}", record.address(), e.sentence());
                        lastSentence = e.sentence();
                    }
                }
                int seconds = record.number(RECORD + "discoveryd_poll_inval");
                if (seconds == 0 || closing.await(seconds < 0 ? DEFAULT_SECONDS : seconds, TimeUnit.SECONDS)) {
                    return;
                }
                record = database.current(first);
            }
            LOG.info("discovery at {}: no longer repeated", first.address());
        } catch (InterruptedException e) {
            LOG.debug("discovery at {}: ended", first.address());
        }
    }

    private List<DiscoveredTarget> ask(DiscoveryRecord record) throws CommandException, InterruptedException {
        try (Transport transport = Transport.open()) {
            HostPort portal = new HostPort(record.address(), record.port());
            return new Discovery(transport, portal, chap(record), root).sendTargets();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()) + "; correct the record", e);
        }
    }

    private static ChapSettings chap(DiscoveryRecord record) {
        List<ChapAlgorithm> algorithms = new ArrayList<>();
        for (String name : record.value("node.session.auth.chap_algs").split("[, ]+", -1)) {
            if (!name.isEmpty()) {
                algorithms.add(ChapAlgorithm.named(name));
            }
        }
        ChapCredentials known = new ChapCredentials(credential(record, ""), credential(record, "_in"));
        return new ChapSettings(null, algorithms, Map.of(), known);
    }

    private static @Nullable ChapCredential credential(DiscoveryRecord record, String suffix) {
        String user = record.value(RECORD + "auth.username" + suffix);
        String secret = record.value(RECORD + "auth.password" + suffix);
        return user.isEmpty() || secret.isEmpty() ? null : ChapCredential.ofText(user, secret);
    }

    /**
     * Makes the sessions what was found.
     *
     * @param before what was found ever; what is found now is added
     */
    private void follow(List<Map<String, String>> found, Set<SessionPlace> before) throws InterruptedException {
        Set<SessionPlace> now = new HashSet<>();
        found.forEach(node -> now.add(SessionPlace.of(node)));
        Set<SessionPlace> present = new HashSet<>();
        for (var report : sessions.list()) {
            SessionPlace place = SessionPlace.ofSession(report.values());
            present.add(place);
            if (before.contains(place)
                    && !now.contains(place)
                    && report.values().get("sid") instanceof Integer sid) {
                logOut(place, sid);
            }
        }
        for (Map<String, String> node : found) {
            if (present.add(SessionPlace.of(node))) {
                logIn(node);
            }
        }
        before.addAll(now);
    }

    private void logOut(SessionPlace place, int sid) throws InterruptedException {
        try {
            sessions.logOut(sid, database.safeLogout());
            LOG.info("{}: logged out, as it is not named any more", place);
        } catch (CommandException e) {
            LOG.warn("{} is not named any more, but: {}", place, e.sentence());
        }
    }

    /** Side by side, as each may take its time. */
    private void logIn(Map<String, String> node) {
        try {
            sessions.beginLogIn(node, false);
        } catch (CommandException e) {
            LOG.warn("{}: {}", SessionPlace.of(node), e.sentence());
        }
    }

    /** No more; does not wait for what is under way. */
    @Override
    public void close() {
        closing.countDown();
        threads.forEach(Thread::interrupt);
    }
}
