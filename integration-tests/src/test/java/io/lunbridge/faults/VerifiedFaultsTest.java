package io.lunbridge.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NeedsTools;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Verified I/O through connections that are slow, that stall, that break and that lie: nothing is lost or wrong. */
@NeedsTools({"tgtd", "fio"})
class VerifiedFaultsTest {

    @Test
    void slowAndStalledConnections() throws Exception {
        run(6, List.of(Fault.STALL, Fault.DELAY, Fault.SPLIT));
    }

    private static void run(int seconds, List<Fault> faults, String... options) throws Exception {
        long seed = System.nanoTime();
        try (FaultRig rig = new FaultRig(seed, options);
                FioLoad fio = new FioLoad(rig.served().uri(), FaultRig.HALF_BYTES, FaultRig.HALF_BYTES, seconds)) {
            rig.load().start();
            rig.injectFor(Duration.ofSeconds(seconds), faults);
            fio.awaitGood();
            rig.finish();
            assertThat(rig.load().failed()).as(rig.describe()).isZero();
            System.out.println(rig.describe());
        }
    }
}
