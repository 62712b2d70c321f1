package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.Row;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of a record, in what is agreed with tgt at a login. */
@NeedsTools({"tgtd", "tgtadm"})
final class SessionSettingsTest {

    private static final String SESSION = "node.session.iscsi.";
    private static final String CONNECTION = "node.conn[0].iscsi.";

    @TempDir
    private static Path directory;

    private static TgtTarget target;
    private static SessionDaemon daemon;

    @BeforeAll
    static void start() {
        target = TgtTarget.start();
        for (String digest : new String[] {"HeaderDigest", "DataDigest"}) {
            target.updateTarget(digest, "CRC32C,None");
        }
        target.updateTarget("MaxOutstandingR2T", "8");
        target.updateTarget("InitialR2T", "No");
        daemon = new SessionDaemon(directory);
    }

    @AfterEach
    void logOut() throws Exception {
        for (Map<String, Object> session : daemon.sessions()) {
            daemon.ask("logout", Map.of("sid", session.get("sid")));
        }
    }

    @AfterAll
    static void end() {
        if (daemon != null) {
            daemon.close();
        }
        if (target != null) {
            target.close();
        }
    }

    private static Map<?, ?> agreed(String... record) throws Exception {
        daemon.logIn(target.record(record));
        return (Map<?, ?>) Objects.requireNonNull(daemon.session().get("negotiated"));
    }

    private static void assertAgreed(String key, Object value, String... record) throws Exception {
        assertThat(agreed(record).get(key)).as(key).isEqualTo(value);
    }

    @Test
    @Row({"R-25", "R-26", "R-27", "R-28", "R-32", "R-48", "R-49", "R-50", "M-133", "S-87"})
    void theDefaultsAreOpenIscsis() throws Exception {
        assertThat(agreed())
                .isEqualTo(Map.of(
                        "HeaderDigest", "None",
                        "DataDigest", "None",
                        "MaxRecvDataSegmentLength", 262144,
                        "MaxXmitDataSegmentLength", 8192,
                        "FirstBurstLength", 65536,
                        "MaxBurstLength", 262144,
                        "ImmediateData", "Yes",
                        "InitialR2T", "No",
                        "MaxOutstandingR2T", 1));
    }

    @Test
    @Row("R-25")
    void initialR2t() throws Exception {
        assertAgreed("InitialR2T", "Yes", SESSION + "InitialR2T", "Yes");
    }

    @Test
    @Row("R-26")
    void immediateData() throws Exception {
        assertAgreed("ImmediateData", "No", SESSION + "ImmediateData", "No");
    }

    @Test
    @Row({"R-27", "R-28"})
    void bursts() throws Exception {
        Map<?, ?> agreed = agreed(SESSION + "FirstBurstLength", "4099", SESSION + "MaxBurstLength", "8192");
        assertThat(agreed.get("FirstBurstLength")).as("rounded down").isEqualTo(4096);
        assertThat(agreed.get("MaxBurstLength")).isEqualTo(8192);
    }

    @Test
    @Row({"R-27", "R-28"})
    void aFirstBurstIsNoLongerThanTheLongest() throws Exception {
        Map<?, ?> agreed = agreed(SESSION + "FirstBurstLength", "16384", SESSION + "MaxBurstLength", "8192");
        assertThat(agreed.get("FirstBurstLength")).isEqualTo(8192);
        assertThat(daemon.output()).contains("Invalid iscsi.FirstBurstLength of 16384.");
    }

    @Test
    @Row("R-48")
    void segmentsThatWeTake() throws Exception {
        assertAgreed("MaxRecvDataSegmentLength", 65536, CONNECTION + "MaxRecvDataSegmentLength", "65536");
    }

    @Test
    @Row("R-47")
    void segmentsThatWeSend() throws Exception {
        assertAgreed("MaxXmitDataSegmentLength", 4096, CONNECTION + "MaxXmitDataSegmentLength", "4096");
        logOut();
        assertAgreed("MaxXmitDataSegmentLength", 8192, CONNECTION + "MaxXmitDataSegmentLength", "65536");
    }

    @Test
    @Row({"R-49", "R-50"})
    void digests() throws Exception {
        Map<?, ?> agreed = agreed(CONNECTION + "HeaderDigest", "CRC32C", CONNECTION + "DataDigest", "None");
        assertThat(agreed.get("HeaderDigest")).isEqualTo("CRC32C");
        assertThat(agreed.get("DataDigest")).isEqualTo("None");
        logOut();
        assertAgreed("DataDigest", "CRC32C", CONNECTION + "DataDigest", "CRC32C,None");
    }

    @Test
    @Row("R-32")
    void outstandingR2t() throws Exception {
        assertAgreed("MaxOutstandingR2T", 4, SESSION + "MaxOutstandingR2T", "4");
    }

    @Test
    @Row({"R-12", "R-13", "R-11", "R-23", "R-31", "R-33", "R-36", "R-44", "R-51"})
    void whatCannotBeIsPutRightAndWhatMeansNothingHereIsPassedOver() throws Exception {
        daemon.logIn(target.record(
                "node.session.cmds_max",
                "100",
                "node.session.queue_depth",
                "0",
                "node.session.xmit_thread_priority",
                "-20",
                "node.session.err_timeo.host_reset_timeout",
                "1",
                SESSION + "MaxConnections",
                "4",
                SESSION + "ERL",
                "2",
                "node.session.sess_reopen_log_freq",
                "7",
                "node.conn[0].timeo.auth_timeout",
                "1",
                CONNECTION + "IFMarker",
                "Yes"));
        assertThat(daemon.output()).contains("Invalid cmds_max of 100.").contains("Invalid queue_depth of 0.");
    }

    @Test
    @Row({"R-15", "R-16", "R-17", "R-18", "CR-6"})
    void bothSidesProveWhoTheyAre() throws Exception {
        account("joe", "hushhushhush1", "--incoming");
        account("tgt", "loudloudloud1", "--outgoing");
        String[] record = {
            "node.session.auth.authmethod", "CHAP",
            "node.session.auth.chap_algs", "SHA3-256,SHA256,SHA1,MD5",
            "node.session.auth.username", "joe",
            "node.session.auth.password", "hushhushhush1",
            "node.session.auth.username_in", "tgt",
            "node.session.auth.password_in", "loudloudloud1"
        };
        try {
            daemon.logIn(target.record(record));
            assertThat(daemon.session()).containsEntry("usernameIn", "tgt").containsEntry("username", "joe");
            logOut();
            record[record.length - 1] = "notthatsecret";
            assertThatThrownBy(() -> daemon.logIn(target.record(record)))
                    .isInstanceOfSatisfying(
                            CommandException.class,
                            e -> assertThat(e.iscsiError()).isEqualTo(24));
        } finally {
            for (String user : new String[] {"joe", "tgt"}) {
                target.admin("--mode", "account", "--op", "delete", "--user", user);
            }
        }
    }

    private static void account(String user, String password, String direction) {
        target.admin("--mode", "account", "--op", "new", "--user", user, "--password", password);
        if (direction.equals("--outgoing")) {
            target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", user, direction);
        } else {
            target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", user);
        }
    }

    @Test
    @Row({"R-15", "R-16", "U-14"})
    void authmethodNoneWithCredentialsIsTold() throws Exception {
        daemon.logIn(target.record(
                "node.session.auth.authmethod", "None",
                "node.session.auth.username", "joe",
                "node.session.auth.password", "hushhushhush1"));
        assertThat(daemon.output()).contains("node.session.auth.authmethod is None, but there is a user name");
    }
}
