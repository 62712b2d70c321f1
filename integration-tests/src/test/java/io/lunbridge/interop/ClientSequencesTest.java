package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.ClientHost.Answer;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole sequences of calls as orchestrators make them for a volume, and what may befall them on the way. */
@Tag("once")
@NeedsTools({"tgtd", "tgtadm"})
@Tag("lun")
final class ClientSequencesTest {

    /** What a client with the least patience gives a call. */
    private static final long PATIENCE_MILLIS = 3_000;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private ClientHost host;

    @BeforeEach
    void start() throws IOException {
        host = new ClientHost(directory);
    }

    @AfterEach
    void end() {
        if (host != null) {
            host.close();
        }
    }

    /** OpenStack's, where every call has to be over in time. */
    @Test
    @Row({"CR-1", "CR-18", "CR-27", "R-34", "U-16"})
    void cr18OsBrickConnectsAndDisconnectsAVolume() throws Exception {
        String node = "-m node -T TARGET -p PORTAL ";
        List<Answer> answers = new ArrayList<>();
        answers.add(host.fails(21, node));
        for (String words : List.of(
                node + "--interface default --op new",
                node + "--op update -n node.session.auth.authmethod -v None",
                node + "--op update -n node.session.scan -v manual",
                node + "--login",
                node + "--op update -n node.startup -v automatic",
                "-m session")) {
            answers.add(host.succeeds(words));
        }
        assertThat(host.daemon().hasDevice("nbd0"))
                .as("nobody has asked for it")
                .isFalse();
        answers.add(host.succeeds(node + "--rescan"));
        assertThat(host.daemon().hasDevice("nbd0")).isTrue();
        for (String words :
                List.of(node + "--op update -n node.startup -v manual", node + "--logout", node + "--op delete")) {
            answers.add(host.succeeds(words));
        }
        assertThat(host.daemon().hasDevice("nbd0")).isFalse();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.millis()).isLessThan(PATIENCE_MILLIS));
    }

    /** Several pods at once, each for an iface of its own; none fails for the others. */
    @Test
    @Row({"CR-35", "U-2", "U-9"})
    void cr35SeveralClientsAtOnce() throws Exception {
        int clients = 4;
        host.succeeds("-m discoverydb -t sendtargets -p PORTAL -o new");
        ExecutorService pods = Executors.newFixedThreadPool(clients);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                String iface = "pod" + i;
                running.add(pods.submit(() -> attach(iface)));
            }
            for (Future<?> each : running) {
                var unused = each.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            pods.shutdownNow();
        }
        assertThat(host.daemon().sessions()).hasSize(clients);
        assertThat(host.succeeds("-m session").lines()).hasSize(clients);
    }

    private void attach(String iface) {
        String node = "-m node -T TARGET -p PORTAL -I " + iface + " ";
        host.succeeds("-m iface -I " + iface + " -o new");
        host.succeeds("-m discoverydb -t sendtargets -p PORTAL -I " + iface + " -o new --discover");
        host.succeeds(node + "-o update -n node.session.scan -v manual");
        host.succeeds(node + "--login");
    }

    /** Longhorn deletes and restores directories by itself. */
    @Test
    @Row({"CR-23", "U-1"})
    void cr23TheDatabaseMayBeChangedFromOutside() throws Exception {
        Path nodes = host.etc().resolve("nodes");
        host.succeeds("-m discovery -t st -p PORTAL");
        host.succeeds("-m node -T TARGET -p PORTAL -l");
        Processes.run("cp", "-a", nodes.toString(), directory.resolve("saved").toString());

        ClientHost.delete(nodes.resolve(TgtTarget.IQN));
        host.succeeds("-m session");
        host.fails(21, "-m node -T TARGET");
        Processes.run("cp", "-a", directory.resolve("saved") + "/.", nodes.toString());
        Path portal = nodes.resolve(TgtTarget.IQN).resolve(host.portalWithTpgt().replace(':', ','));
        Path record = portal.resolve("default");
        Files.writeString(record, Files.readString(record).replace("# END", "node.session.of_2031 = 5\n# END"));
        Files.createFile(Files.createDirectories(nodes.resolve("iqn.x:empty/10.0.0.1,3260,1"))
                .resolve("default"));

        Answer list = host.call("-m node");
        assertThat(list.code()).as(list.err()).isZero();
        assertThat(list.lines()).hasSize(2);
        assertThat(list.err()).as("of the one that is empty").contains("iqn.x:empty");
        assertThat(host.call("-m node -T TARGET -o update -n node.startup -v automatic")
                        .code())
                .isZero();
        assertThat(record).content().contains("node.session.of_2031 = 5", "node.startup = automatic");
        assertThat(host.call("-m node -T TARGET -u").code()).isZero();
    }

    /** A storage node that is gone for good, and one that returns. */
    @Test
    @Row({"U-3", "U-8", "U-15", "M-122", "M-127"})
    void u3AndU8ATargetThatIsAwayIsWaitedForAndCanBeLoggedOutOf() throws Exception {
        host.succeeds("-m node -T TARGET -p PORTAL,1 -o new");
        host.succeeds("-m node -T TARGET -l");
        assertThat(states()).contains("LOGGED IN", "LOGGED_IN", "NO CHANGE");
        host.target().kill();
        Waiting.until(LIMIT, () -> states().contains("REOPEN"), host.daemon()::output);
        assertThat(states()).contains("TRANSPORT WAIT", "FAILED", "State: blocked");

        host.target().restart();
        Waiting.until(LIMIT, () -> states().contains("NO CHANGE"), host.daemon()::output);
        assertThat(states()).contains("LOGGED IN", "State: running");

        host.target().kill();
        Waiting.until(LIMIT, () -> states().contains("REOPEN"), host.daemon()::output);
        host.succeeds("-m node -T TARGET -u");
        host.fails(21, "-m session");
        assertThat(host.daemon().hasDevice("nbd0")).isFalse();
    }

    private String states() {
        return host.call("-m session -P 3").out();
    }

    /** A host with many portals logs in to all of them at its start. */
    @Test
    @Row({"U-5", "M-40", "M-41", "R-14"})
    void u5FortyRecordsAreLoggedInToAtOnce() throws Exception {
        int many = 40;
        host.target().removeLun(1);
        RecordDatabase database = host.database();
        for (int i = 0; i < many; i++) {
            IfaceRecord iface = IfaceRecord.named("if" + i);
            database.write(iface);
            NodeRecord node = database.configuration()
                    .node(TgtTarget.IQN, 1, "127.0.0.1", host.target().port(), iface);
            database.add(node.with("node.startup", "automatic"));
        }
        host.succeeds("-m node -L automatic");
        assertThat(host.daemon().sessions()).hasSize(many);
        assertThat(host.succeeds("-m session").lines()).hasSize(many);
        host.succeeds("-m node -U automatic");
        assertThat(host.daemon().sessions()).isEmpty();
    }
}
