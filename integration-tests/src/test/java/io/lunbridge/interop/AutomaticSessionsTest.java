package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.DiscoveryRecord;
import io.lunbridge.records.DiscoveryType;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import io.lunbridge.records.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that iscsid has by itself: by a discovery that it repeats, and by leading logins; on tgt. */
@NeedsTools({"tgtd", "tgtadm"})
@Tag("once")
final class AutomaticSessionsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OTHER = "iqn.2026-11.io.lunbridge:other";

    private final TgtTarget target = TgtTarget.start();

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        target.close();
    }

    private RecordDatabase database() {
        return RecordDatabase.open(RecordPaths.below(directory), warning -> {});
    }

    private static List<Object> targets(SessionDaemon daemon) {
        try {
            return daemon.sessions().stream()
                    .map(session -> session.get("target"))
                    .toList();
        } catch (CommandException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Row({"M-135", "S-16"})
    void aDiscoveryIsRepeatedAndItsTargetsComeAndGo() throws Exception {
        DiscoveryRecord record = database()
                .configuration()
                .discovery(DiscoveryType.SENDTARGETS, "127.0.0.1", target.port())
                .with("discovery.sendtargets.use_discoveryd", "Yes")
                .with("discovery.sendtargets.discoveryd_poll_inval", "1");
        database().write(record);

        try (SessionDaemon iscsid = new SessionDaemon(directory, "iscsid")) {
            Waiting.until(LIMIT, () -> targets(iscsid).equals(List.of(TgtTarget.IQN)), iscsid::output);

            target.admin("--mode", "target", "--op", "new", "--tid", "2", "--targetname", OTHER);
            target.admin("--mode", "target", "--op", "bind", "--tid", "2", "--initiator-address", "ALL");
            Waiting.until(LIMIT, () -> targets(iscsid).equals(List.of(TgtTarget.IQN, OTHER)), iscsid::output);

            target.admin("--mode", "target", "--op", "unbind", "--tid", "2", "--initiator-address", "ALL");
            Waiting.until(LIMIT, () -> targets(iscsid).equals(List.of(TgtTarget.IQN)), iscsid::output);

            target.kill();
            Waiting.until(LIMIT, () -> iscsid.output().contains("discovery at 127.0.0.1: "), iscsid::output);
            assertThat(targets(iscsid))
                    .as("who does not answer takes nothing away")
                    .containsExactly(TgtTarget.IQN);

            database().write(record.with("discovery.sendtargets.use_discoveryd", "No"));
            Waiting.until(LIMIT, () -> iscsid.output().contains("no longer repeated"), iscsid::output);
        }
    }

    private NodeRecord node(String address, int port, String... more) throws Exception {
        NodeRecord node = database()
                .configuration()
                .node(TgtTarget.IQN, 1, address, port, IfaceRecord.DEFAULT)
                .with("node.startup", "automatic")
                .with("node.session.initial_login_retry_max", "0");
        for (int i = 0; i < more.length; i += 2) {
            node = node.with(more[i], more[i + 1]);
        }
        return node;
    }

    @Test
    @Row({"M-40", "R-4"})
    void ofLeadingLoginsTheFirstThatSucceedsIsEnough() throws Exception {
        database().add(node("127.0.0.1", FreePort.next(), "node.leading_login", "Yes"));
        database().add(node("127.0.0.1", target.port(), "node.leading_login", "Yes"));
        database().add(node("localhost", target.port(), "node.leading_login", "Yes"));

        try (SessionDaemon iscsid = new SessionDaemon(directory, "iscsid")) {
            Waiting.until(LIMIT, () -> targets(iscsid).size() == 1, iscsid::output);
            assertThat(iscsid.session()).containsEntry("persistentAddress", "127.0.0.1");
            assertThat(target.sessionCount()).isEqualTo(1);
        }
    }

    @Test
    @Row({"R-3", "R-14", "R-38", "U-11"})
    void automaticNodesHaveAsManySessionsAsTheyAskFor() throws Exception {
        database().add(node("127.0.0.1", target.port(), "node.session.nr_sessions", "2"));
        database().add(node("127.0.0.1", FreePort.next(), "node.session.initial_login_retry_max", "8"));

        try (SessionDaemon iscsid = new SessionDaemon(directory, "iscsid")) {
            Waiting.until(LIMIT, () -> targets(iscsid).size() == 2, iscsid::output);
            assertThat(target.sessionCount()).isEqualTo(2);
        }
    }
}
