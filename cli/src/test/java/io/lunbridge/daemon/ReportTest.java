package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {

    private final Report report = new Report()
            .put("target", "iqn.a:b")
            .put("sizeBytes", 1L << 30)
            .put("readOnly", false)
            .put("serial", null)
            .put("luns", List.of(0, 1))
            .put("vendor", "ev\u001b[31mil\n");

    @Test
    void peopleGetALinePerKnownFact() {
        assertThat(report.text()).isEqualTo("""
                target:      iqn.a:b
                size bytes:  1073741824 (1 GiB)
                read only:   no
                luns:        0, 1
                vendor:      ev?[31mil?
                """);
    }

    @Test
    void aListHasALinePerReport() {
        assertThat(report.line()).isEqualTo("iqn.a:b  1073741824 (1 GiB)  no  0, 1  ev?[31mil?\n");
    }
}
