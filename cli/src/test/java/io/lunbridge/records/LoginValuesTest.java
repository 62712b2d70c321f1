package io.lunbridge.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a session makes of values that cannot be. */
class LoginValuesTest {

    private static final String SESSION = "node.session.";
    private static final String CONNECTION = "node.conn[0].";

    private final List<String> complaints = new ArrayList<>();

    private String of(String key, String value) {
        return LoginValues.of(Map.of(key, value), complaints::add).getOrDefault(key, "");
    }

    @Test
    @Row({"R-27", "R-28", "R-47", "R-48"})
    void lengthsAreRoundedDownAndKeptWithinTheirRange() {
        assertThat(of(SESSION + "iscsi.FirstBurstLength", "65539")).isEqualTo("65536");
        assertThat(of(SESSION + "iscsi.MaxBurstLength", "16777215")).isEqualTo("16777212");
        assertThat(of(CONNECTION + "iscsi.MaxRecvDataSegmentLength", "512")).isEqualTo("512");
        assertThat(of(CONNECTION + "iscsi.MaxXmitDataSegmentLength", "0")).isEqualTo("0");
        assertThat(complaints).isEmpty();
        assertThat(of(SESSION + "iscsi.FirstBurstLength", "511")).isEqualTo("262144");
        assertThat(of(SESSION + "iscsi.MaxBurstLength", "16777216")).isEqualTo("16776192");
        assertThat(of(CONNECTION + "iscsi.MaxRecvDataSegmentLength", "-1")).isEqualTo("262144");
        assertThat(of(CONNECTION + "iscsi.MaxXmitDataSegmentLength", "3")).isEqualTo("262144");
        assertThat(complaints)
                .containsExactly(
                        "Invalid iscsi.FirstBurstLength of 508. Must be within 512 and 16777215. Setting to 262144",
                        "Invalid iscsi.MaxBurstLength of 16777216. Must be within 512 and 16777215. Setting to 16776192",
                        "Invalid iscsi.MaxRecvDataSegmentLength. Must be within 512 and 16777215. Setting to 262144",
                        "Invalid iscsi.MaxXmitDataSegmentLength. Must be within 512 and 16777215. Setting to 262144");
    }

    @Test
    @Row("R-27")
    void theFirstBurstIsNoLongerThanTheLongest() {
        Map<String, String> values = LoginValues.of(
                Map.of(SESSION + "iscsi.FirstBurstLength", "8192", SESSION + "iscsi.MaxBurstLength", "4096"),
                complaints::add);
        assertThat(values).containsEntry(SESSION + "iscsi.FirstBurstLength", "4096");
        assertThat(complaints)
                .containsExactly("Invalid iscsi.FirstBurstLength of 8192. Must be less than iscsi.MaxBurstLength."
                        + " Setting to 4096");
    }

    @Test
    @Row({"R-42", "R-43", "R-45", "R-46"})
    void timeoutsOfZeroAreTheDefaultUnlessBothPingsAreOff() {
        assertThat(of(CONNECTION + "timeo.login_timeout", "0")).isEqualTo("30");
        assertThat(of(CONNECTION + "timeo.logout_timeout", "0")).isEqualTo("15");
        assertThat(of(CONNECTION + "timeo.noop_out_timeout", "0")).isEqualTo("5");
        assertThat(of(CONNECTION + "timeo.noop_out_interval", "0")).isEqualTo("5");
        assertThat(complaints)
                .hasSize(4)
                .contains("Invalid timeo.login_timeout. Must be greater than zero. Using default 30.");
        complaints.clear();
        Map<String, String> off =
                Map.of(CONNECTION + "timeo.noop_out_timeout", "0", CONNECTION + "timeo.noop_out_interval", "0");
        assertThat(LoginValues.of(off, complaints::add)).containsAllEntriesOf(off);
        assertThat(complaints).isEmpty();
    }

    @Test
    @Row({"R-12", "R-13"})
    void queuesArePowersOfTwoWithinTheirRange() {
        assertThat(of(SESSION + "cmds_max", "2048")).isEqualTo("2048");
        assertThat(of(SESSION + "queue_depth", "1024")).isEqualTo("1024");
        assertThat(complaints).isEmpty();
        assertThat(of(SESSION + "cmds_max", "100")).isEqualTo("64");
        assertThat(of(SESSION + "cmds_max", "4096")).isEqualTo("2048");
        assertThat(of(SESSION + "cmds_max", "0")).isEqualTo("128");
        assertThat(of(SESSION + "queue_depth", "1025")).isEqualTo("32");
        assertThat(of(SESSION + "queue_depth", "0")).isEqualTo("32");
        assertThat(complaints).hasSize(5);
    }

    @Test
    void whatHasNoRuleStays() {
        assertThat(of("node.something", "x")).isEqualTo("x");
        assertThat(complaints).isEmpty();
    }
}
