package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The fixture itself, seen by libiscsi's tools: what they read is what the other tests may rely on. */
@NeedsTools({"tgtd", "iscsi-ls", "iscsi-inq", "iscsi-readcapacity16"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TgtTargetTest {

    private static final long MEBIBYTE = 1 << 20;

    private TgtTarget target;

    @BeforeAll
    void start() {
        target = TgtTarget.start();
    }

    @AfterAll
    void close() {
        target.close();
    }

    @Test
    void listsTheTargetAndItsLuns() {
        int lun = target.addFileLun(64 * MEBIBYTE);

        String listed = Processes.run("iscsi-ls", "-s", "iscsi://127.0.0.1:" + target.port())
                .output();

        assertThat(listed).contains(TgtTarget.IQN, "Lun:" + lun, "DIRECT_ACCESS");
    }

    @Test
    void thinLunOffersUnmap() {
        int lun = target.addThinLun(64 * MEBIBYTE);

        String page = Processes.run("iscsi-inq", "-e", "1", "-c", "178", target.url(lun))
                .output();

        assertThat(page).contains("lbpu:1");
    }

    @Test
    void nullLunIsOneTebibyte() {
        int lun = target.addNullLun();

        assertThat(Processes.run("iscsi-readcapacity16", target.url(lun)).output())
                .contains("Total size:1099511627776");
    }

    @Test
    void nobodyIsLoggedInWhenTheToolsAreDone() {
        Processes.run("iscsi-inq", target.url(target.addReadOnlyLun(MEBIBYTE)));

        assertThat(target.sessionCount()).isZero();
    }
}
