package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the commands that only tell something tell, to people and to programs; and the embedded target and the demo. */
@NeedsTools({"tgtd", "qemu-io"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("lun")
class CliOutputTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private TgtTarget target;
    private int lun;

    @BeforeAll
    void start() {
        target = TgtTarget.start();
        lun = target.addThinLun(64 * MEBIBYTE);
    }

    @AfterAll
    void close() {
        target.close();
    }

    @Test
    void infoTellsWhatTheTargetAndTheLunSay() {
        Lunbridge.Outcome text = Lunbridge.run("info", target.url(lun));
        Lunbridge.Outcome json = Lunbridge.run("info", target.url(lun), "-o", "json");

        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out())
                .containsPattern("target: +" + TgtTarget.IQN)
                .containsPattern("size bytes: +67108864 \\(64 MiB\\)")
                .containsPattern("thin: +yes");
        assertThat(json.out())
                .startsWith("{\n")
                .contains("\"target\": \"" + TgtTarget.IQN + "\"", "\"sizeBytes\": 67108864", "\"unmap\": true")
                .endsWith("}\n");
        assertThat(text.err() + json.err()).isEmpty();
        assertThat(target.sessionCount()).isZero();
    }

    @Test
    void digestsAreAsTheTwoSidesWant() {
        try (TgtTarget strict = TgtTarget.start()) {
            int disk = strict.addFileLun(MEBIBYTE);
            strict.updateTarget("HeaderDigest", "CRC32C");
            strict.updateTarget("DataDigest", "CRC32C,None");
            assertThat(Lunbridge.run("info", strict.url(disk), "-o", "json").out())
                    .contains("\"headerDigest\": \"CRC32C\"");
            assertThat(Lunbridge.run("info", strict.url(disk), "-o", "json", "--data-digest", "CRC32C,None")
                            .out())
                    .contains("\"dataDigest\": \"CRC32C\"");
            assertThat(Lunbridge.run("info", strict.url(disk), "-o", "json", "--header-digest", "None")
                            .out())
                    .contains("\"headerDigest\": \"None\"");
        }
    }

    @Test
    void discoverListsTargetsAndLuns() {
        String portal = "127.0.0.1:" + target.port();

        assertThat(Lunbridge.run("discover", portal).out()).isEqualTo(TgtTarget.IQN + "  " + portal + ",1\n");
        assertThat(Lunbridge.run("discover", portal, "--luns", "-o", "json").out())
                .contains("\"target\": \"" + TgtTarget.IQN + "\"", "\"" + portal + ",1\"", "\"" + lun + "\"");
        assertThat(target.sessionCount()).isZero();
    }

    @Test
    void listIsAnArray() {
        assertThat(Lunbridge.run("list", "-o", "json").out()).startsWith("[").endsWith("]\n");
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertThat(Lunbridge.run("--version").out()).startsWith("lunbridge ").hasLineCount(1);
        assertThat(Lunbridge.run("--help").out()).contains("serve", "attach", "demo", "Exit codes");
        assertThat(Lunbridge.run("serve", "--help").out()).contains("--socket", "--listen", "Example");
    }

    @Test
    void theEmbeddedTargetIsServedLikeAnyOther() {
        try (BackgroundProcess ram = Lunbridge.start("target", "--ram", "16M", "--listen", "127.0.0.1:0")) {
            String url = ram.awaitLine("ready ", LIMIT).substring("ready ".length());
            try (BackgroundProcess serve = Lunbridge.start("serve", url, "--listen", "127.0.0.1:0")) {
                String uri = serve.awaitLine("ready ", LIMIT).substring("ready ".length());
                Processes.run("qemu-io", "-f", "raw", "-c", "write -P 9 100k 3M", "-c", "read -P 9 100k 3M", uri);

                serve.signal("TERM");
                assertThat(serve.awaitExit(LIMIT)).as(serve.output()).isZero();
            }
            ram.signal("TERM");
            assertThat(ram.awaitExit(LIMIT)).as(ram.output()).isZero();
        }
    }

    @Test
    void theDemoShowsTheChain() {
        Lunbridge.Outcome demo = Lunbridge.run("demo", "--kernel", "nowhere");

        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("identical", "by hand:", "Done: every byte");
        assertThat(demo.err()).isEmpty();
    }
}
