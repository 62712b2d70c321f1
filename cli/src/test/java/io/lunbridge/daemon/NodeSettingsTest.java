package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;
import io.lunbridge.records.Row;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node record makes of a session. */
final class NodeSettingsTest {

    private static final String SESSION = "node.session.";
    private static final String CONNECTION = "node.conn[0].";

    private static NodeSettings node(String... more) {
        Map<String, String> record = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            record.put(more[i], more[i + 1]);
        }
        return new NodeSettings(1, record);
    }

    private static SessionConfig config(String... more) throws CommandException {
        TargetAddress portal = new TargetAddress("127.0.0.1", 3260, TargetAddress.NO_TAG);
        return node(more).applyTo(SessionConfig.normal(portal, "iqn.i", "iqn.t"));
    }

    @Test
    @Row({"R-12", "R-13"})
    void queuesAreLimitedForTheSessionAndForEachUnit() throws Exception {
        assertThat(config().limits()).isEqualTo(new SessionConfig.Limits(128, 32, 0));
        assertThat(config(SESSION + "cmds_max", "2048", SESSION + "queue_depth", "1024")
                        .limits())
                .isEqualTo(new SessionConfig.Limits(2048, 1024, 0));
        assertThat(config(SESSION + "cmds_max", "16").limits()).isEqualTo(new SessionConfig.Limits(16, 16, 0));
    }

    @Test
    @Row("R-47")
    void whatWeSendInOnePduIsLimited() throws Exception {
        assertThat(config(CONNECTION + "iscsi.MaxXmitDataSegmentLength", "4096")
                        .limits()
                        .segmentBytes())
                .isEqualTo(4096);
    }

    @Test
    @Row("R-9")
    void commandsAreNumberedFromTheRecordsNumberOn() throws Exception {
        assertThat(config(SESSION + "initial_cmdsn", "77").login().initialCmdSn())
                .isEqualTo(77);
        assertThat(config().login().initialCmdSn()).isEqualTo(1);
    }

    @Test
    @Row({"R-19", "R-35", "S-92"})
    void aLostSessionIsWaitedForAsTheRecordSays() throws Exception {
        assertThat(node().session().recovery()).isEqualTo(RecoveryPolicy.DEFAULT);
        RecoveryPolicy never = node(SESSION + "timeo.replacement_timeout", "0", SESSION + "reopen_max", "3")
                .session()
                .recovery();
        assertThat(never.replacementSeconds()).isZero();
        assertThat(never.maxLogins()).isEqualTo(3);
        assertThat(node(SESSION + "timeo.replacement_timeout", "-1")
                        .session()
                        .recovery()
                        .waitsForEver())
                .isTrue();
    }

    @Test
    @Row({"R-20", "R-21", "R-22", "R-24", "M-129"})
    void theStepsOfErrorHandlingAreTheRecords() throws Exception {
        Timeouts.Ladder ladder = node(
                        SESSION + "err_timeo.abort_timeout", "3",
                        SESSION + "err_timeo.lu_reset_timeout", "4",
                        SESSION + "err_timeo.tgt_reset_timeout", "5",
                        SESSION + "iscsi.FastAbort", "No")
                .session()
                .timeouts()
                .ladder();
        assertThat(ladder).isEqualTo(new Timeouts.Ladder(60, 3, 4, 5, false));
        assertThat(node().session().timeouts().ladder()).isEqualTo(Timeouts.Ladder.DEFAULT);
    }

    @Test
    @Row({"R-42", "R-43", "R-45", "R-46", "S-90", "S-91", "S-93"})
    void timeoutsAreTheRecords() throws Exception {
        Timeouts timeouts = node(
                        CONNECTION + "timeo.login_timeout", "7",
                        CONNECTION + "timeo.logout_timeout", "8",
                        CONNECTION + "timeo.noop_out_interval", "9",
                        CONNECTION + "timeo.noop_out_timeout", "10")
                .session()
                .timeouts();
        assertThat(timeouts).isEqualTo(new Timeouts(7000, 9, 10, Timeouts.Ladder.DEFAULT, 8000));
        assertThat(node(CONNECTION + "timeo.noop_out_interval", "0", CONNECTION + "timeo.noop_out_timeout", "0")
                        .session()
                        .timeouts()
                        .pingIntervalSeconds())
                .isZero();
    }

    @Test
    @Row({"R-15", "U-14"})
    void credentialsThatNobodyAskedForAreNoticed() {
        String[] credentials = {SESSION + "auth.username", "joe", SESSION + "auth.password", "hushhushhush1"};
        assertThat(node(credentials).hasUnaskedCredentials()).isFalse();
        Map<String, String> record = new HashMap<>(node(credentials).record());
        record.put(SESSION + "auth.authmethod", "None");
        assertThat(new NodeSettings(1, record).hasUnaskedCredentials()).isTrue();
        assertThat(node(SESSION + "auth.authmethod", "None").hasUnaskedCredentials())
                .isFalse();
    }
}
