package io.lunbridge.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.compliance.Outcome.Kind;
import io.lunbridge.compliance.UnhTest.Applies;
import io.lunbridge.interop.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables, of results that are made up; and the script's own command line. */
class ComparisonTableTest {

    private static final UnhTest ONE = new UnhTest("FFP 1.1", "one", "4.2", Applies.WHOLE, "");
    private static final UnhTest OTHER = new UnhTest("FFP 1.2", "other", "4.3", Applies.NO, "no need");
    private static final List<SpecTest> TESTS = List.of(
            new SpecTest("ATest.first", "RFC 7143 4.2", List.of("FFP 1.1")),
            new SpecTest("ATest.second", "RFC 7143 4.2", List.of("FFP 1.1")),
            new SpecTest("BTest.third", "RFC 7143 11.1", List.of()));
    private static final Map<String, Outcome> OURS =
            Map.of("ATest.first", Outcome.PASSED, "ATest.second", Outcome.PASSED, "BTest.third", Outcome.PASSED);
    private static final Map<String, Outcome> THEIRS = Map.of(
            "ATest.first",
            Outcome.PASSED,
            "ATest.second",
            new Outcome(Kind.FAILED, "sent a|b"),
            "BTest.third",
            new Outcome(Kind.NOT_APPLICABLE, "needs the product"));

    @Test
    void oneFailureOfSeveralTestsFailsTheRow() {
        String table = new ComparisonTable(List.of(ONE, OTHER), TESTS, OURS, THEIRS).markdown("other");
        assertThat(table.lines())
                .contains(
                        "| passed | 2 | 0 |",
                        "| failed | 0 | 1 |",
                        "| FFP 1.1 | one | passed | failed | sent a\\|b |",
                        "| RFC 7143 11.1 | BTest.third | passed | not applicable | needs the product |");
    }

    @Test
    void theComplianceTableHasAReasonWhereATestDoesNotApply() {
        String table = new ComplianceTable(List.of(ONE, OTHER), TESTS, THEIRS).markdown();
        assertThat(table.lines())
                .contains(
                        "| FFP | 2 | 0 | 0 | 1 | 0 | 1 | 0 |",
                        "| FFP 1.1 | 4.2 | one | ATest.first ATest.second | failed |",
                        "| FFP 1.2 | 4.3 | other | none | does not apply: no need |");
    }

    @Test
    void theScriptRefusesWhatItDoesNotKnow() {
        Path script = Path.of("..", "scripts", "conformance").toAbsolutePath();
        for (String argument : List.of("", "--fast", "open-iscsi")) {
            Processes.Outcome outcome = Processes.outcome(Duration.ofSeconds(10), script.toString(), argument);
            assertThat(outcome.exitStatus()).as(argument).isEqualTo(2);
            assertThat(outcome.output()).contains("usage: scripts/conformance");
        }
    }
}
