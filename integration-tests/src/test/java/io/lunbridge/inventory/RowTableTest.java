package io.lunbridge.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No silent gaps in what open-iscsi's users rely on. The README's table is written by
 * {@code mvn -pl integration-tests -am test -Dtest=RowTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dlunbridge.rows=write}.
 */
@Tag("once")
class RowTableTest {

    private static final Path TOP = Path.of("").toAbsolutePath().resolve("..").normalize();
    private static final Path README = TOP.resolve("cli/README.md");

    private final List<InventoryRow> rows = InventoryRow.read();
    private final RowMarks marks = RowMarks.scan(TOP);
    private final RowTable table = new RowTable(rows, marks);

    @Test
    void theListIsWhole() {
        assertThat(rows).extracting(InventoryRow::id).doesNotHaveDuplicates();
        assertThat(rows.stream().collect(Collectors.groupingBy(InventoryRow::kind, Collectors.counting())))
                .isEqualTo(Map.of("S", 101L, "M", 120L, "R", 55L, "CR", 37L, "U", 23L));
    }

    @Test
    void everyRowHasATestOrAReason() {
        assertThat(rows)
                .filteredOn(row -> row.applies() && table.proofs(row).isEmpty())
                .extracting(InventoryRow::id)
                .isEmpty();
    }

    @Test
    void whatDoesNotApplyIsNotTested() {
        assertThat(rows)
                .filteredOn(row -> !row.applies() && !table.proofs(row).isEmpty())
                .extracting(InventoryRow::id)
                .isEmpty();
    }

    @Test
    void testsNameOnlyRowsOfTheList() {
        Set<String> known = rows.stream().map(InventoryRow::id).collect(Collectors.toSet());
        assertThat(marks.rows()).isSubsetOf(known);
    }

    @Test
    void theListNamesOnlyWhatIsThere() {
        assertThat(rows.stream()
                        .flatMap(row -> row.files().stream())
                        .filter(file -> !marks.isThere(file))
                        .distinct())
                .isEmpty();
    }

    @Test
    void theReadmeHasThisTable() throws IOException {
        String text = Files.readString(README);
        String right = table.in(text);
        if ("write".equals(System.getProperty("lunbridge.rows"))) {
            Files.writeString(README, right);
        } else {
            assertThat(text).as("cli/README.md; how to write it is said above").isEqualTo(right);
        }
    }

    @Test
    void aRowWithoutAnythingIsAGap() {
        InventoryRow row = InventoryRow.parse("M-1 | a mode |");
        RowTable gap = new RowTable(List.of(row), new RowMarks());

        assertThat(gap.proofs(row)).isEmpty();
        assertThat(gap.markdown()).contains("| M-1 | a mode |  |");
        assertThatThrownBy(() -> InventoryRow.parse("M-1 | a mode")).isInstanceOf(AssertionError.class);
    }

    @Test
    void anAnnotationIsFoundHoweverItIsWritten() {
        RowMarks some = new RowMarks();
        String mark = "@" + "Row"; // not one of this file
        some.addMarks("ATest", mark + "(\"M-1\") void a() {} " + mark + "({\n  \"M-2\", \"S-3\",\n}) void b() {}");

        assertThat(some.rows()).containsExactly("M-1", "M-2", "S-3");
        assertThat(some.testsOf("M-2")).containsExactly("ATest");
    }
}
