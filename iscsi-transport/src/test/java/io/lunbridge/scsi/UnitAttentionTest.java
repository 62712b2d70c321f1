package io.lunbridge.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each unit attention makes doubtful. */
class UnitAttentionTest {

    @ParameterizedTest
    @CsvSource({
        "2800, MEDIUM_MAY_HAVE_CHANGED, NONE, IDENTITY CAPACITY LIMITS MODE",
        "2900, RESET, RESERVATIONS, CAPACITY LIMITS MODE",
        "2907, RESET, RESERVATIONS, CAPACITY LIMITS MODE",
        "2a01, MODE_PARAMETERS_CHANGED, NONE, MODE",
        "2a02, LOG_PARAMETERS_CHANGED, NONE, ''",
        "2a03, RESERVATIONS_PREEMPTED, RESERVATIONS, ''",
        "2a04, RESERVATIONS_RELEASED, RESERVATIONS, ''",
        "2a05, REGISTRATIONS_PREEMPTED, RESERVATIONS, ''",
        "2a06, ASYMMETRIC_ACCESS_CHANGED, PATH, ''",
        "2a07, IMPLICIT_TRANSITION_FAILED, PATH, ''",
        "2a09, CAPACITY_CHANGED, NONE, CAPACITY LIMITS",
        "2a10, OTHER_PARAMETERS_CHANGED, NONE, ''",
        "2f00, COMMANDS_CLEARED, NONE, ''",
        "3807, THIN_PROVISIONING_SOFT_THRESHOLD, SPACE, ''",
        "3f01, OPERATING_CONDITIONS_CHANGED, NONE, IDENTITY CAPACITY LIMITS MODE",
        "3f03, INQUIRY_DATA_CHANGED, NONE, IDENTITY CAPACITY LIMITS MODE",
        "3f05, DEVICE_IDENTIFIER_CHANGED, NONE, IDENTITY",
        "3f0e, REPORTED_LUNS_CHANGED, NONE, IDENTITY CAPACITY",
        "0b01, WARNING, HEALTH, ''",
        "5d10, FAILURE_PREDICTED, HEALTH, ''",
        "8001, UNKNOWN, NONE, IDENTITY CAPACITY LIMITS MODE"
    })
    void row(String code, UnitAttention row, UnitAttention.Loss loss, String doubts) {
        UnitAttention found = UnitAttention.of(Integer.parseInt(code, 16));
        assertThat(found).isEqualTo(row);
        assertThat(found.loss()).isEqualTo(loss);
        assertThat(found.doubts()).isEqualTo(doubts(doubts));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0xffff, 0x3fff, 0x2aff})
    void everyCodeHasARow(int code) {
        assertThat(UnitAttention.of(code)).isNotNull();
    }

    @Test
    void noRowIsHiddenByAnEarlierOne() {
        Set<UnitAttention> reached =
                Arrays.stream(allCodes()).mapToObj(UnitAttention::of).collect(Collectors.toSet());
        assertThat(reached).containsExactlyInAnyOrder(UnitAttention.values());
    }

    private static int[] allCodes() {
        int[] codes = new int[0x10000];
        Arrays.setAll(codes, code -> code);
        return codes;
    }

    private static Set<Doubt> doubts(String names) {
        return Arrays.stream(names.split(" "))
                .filter(name -> !name.isEmpty())
                .map(Doubt::valueOf)
                .collect(Collectors.toSet());
    }
}
