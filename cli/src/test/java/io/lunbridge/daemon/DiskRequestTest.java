package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiskRequestTest {

    private static final LunUrl URL = LunUrl.parse("iscsi://h/iqn.a:b/0");
    private static final long LUN_BYTES = 1 << 20;
    private static final int BLOCK_BYTES = 4096;

    @ParameterizedTest
    @CsvSource({"0, , 1048576", "4096, , 1044480", "0, 4096, 4096", "1044480, 4096, 4096", "0, 1048576, 1048576"})
    void aRangeInsideTheLunIsTaken(long offset, @Nullable Long length, long expected) throws Exception {
        assertThat(new DiskRequest(URL, false, offset, length).lengthWithin(LUN_BYTES, BLOCK_BYTES))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, , not inside",
        "1048576, 4096, not inside",
        "0, 1052672, not inside",
        "4096, 1048576, not inside",
        "0, 0, not inside",
        "4096, 9223372036854775807, not inside",
        "9223372036854775807, 4096, not inside",
        "512, , multiples",
        "0, 512, multiples",
    })
    void anyOtherIsRefused(long offset, @Nullable Long length, String reason) {
        assertThatThrownBy(() -> new DiskRequest(URL, false, offset, length).lengthWithin(LUN_BYTES, BLOCK_BYTES))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.OUT_OF_RANGE))
                .hasMessageContaining(reason);
    }

    @Test
    void anEmptyLunHasNoRange() {
        assertThatThrownBy(() -> DiskRequest.whole(URL, false).lengthWithin(0, BLOCK_BYTES))
                .hasMessageContaining("which has 0 bytes");
    }
}
