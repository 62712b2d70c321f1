package io.lunbridge.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.compliance.UnhTest.Applies;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No silent gaps: every test of the catalogue has one of ours or a reason, and ours name none that is not in it. */
class CatalogueTest {

    private final List<UnhTest> catalogue = Catalogue.read();
    private final List<SpecTest> tests = SpecTest.scan();

    @Test
    void theCatalogueIsWhole() {
        assertThat(catalogue).extracting(UnhTest::id).doesNotHaveDuplicates();
        assertThat(catalogue.stream().collect(Collectors.groupingBy(UnhTest::suite, Collectors.counting())))
                .isEqualTo(Map.of("FFP", 66L, "Login", 40L, "CHAP", 32L));
        assertThat(catalogue).allSatisfy(test -> {
            assertThat(test.subject()).isNotBlank();
            assertThat(test.section()).matches("\\d+(\\.\\d+)+");
            assertThat(test.reason().isBlank()).isEqualTo(test.applies() == Applies.WHOLE);
        });
    }

    @Test
    void everyTestOfTheCatalogueHasOneOfOursOrAReason() {
        Set<String> covered =
                tests.stream().flatMap(test -> test.unh().stream()).collect(Collectors.toSet());
        assertThat(catalogue)
                .filteredOn(test -> test.applies() != Applies.NO)
                .extracting(UnhTest::id)
                .isSubsetOf(covered);
    }

    @Test
    void oursNameOnlyTestsOfTheCatalogue() {
        Set<String> known = catalogue.stream().map(UnhTest::id).collect(Collectors.toSet());
        assertThat(tests).allSatisfy(test -> assertThat(known).as(test.name()).containsAll(test.unh()));
    }

    @Test
    void everyRuleIsASectionOfAStandard() {
        assertThat(tests).isNotEmpty();
        assertThat(tests)
                .allSatisfy(test -> assertThat(test.rule())
                        .as(test.name())
                        .matches("(RFC \\d{4} (\\d+|[A-Z])(\\.\\d+)*|(SPC|SBC|SAM)-\\d \\d+(\\.\\d+)*)"));
    }

    @Test
    void sectionsAreInTheOrderOfTheContents() {
        assertThat(Stream.of("RFC 7143 11.1", "RFC 7143 4.2.10", "RFC 7143 4.2.2.1")
                        .sorted(Sections.ORDER)
                        .toList())
                .containsExactly("RFC 7143 4.2.2.1", "RFC 7143 4.2.10", "RFC 7143 11.1");
    }
}
