package io.lunbridge.block;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;

class GeometryTest {

    @Test
    void refusesWhatNoDiskCanBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(1024, 513, 4096, 4096, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(1025, 512, 4096, 4096, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(1024, 512, 256, 4096, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Geometry(1024, 512, 4096, 1000, Set.of()));
    }
}
