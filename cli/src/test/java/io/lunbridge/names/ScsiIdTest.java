package io.lunbridge.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scsi.IdentityBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The properties are those that udev's own program told of the same answers: {@code scsi-id.tsv} holds, a line each, what
 * it is, standard INQUIRY data, pages 80h and 83h in digits ({@code -}: not given), and what {@code scsi_id --export} of
 * systemd 252 printed; empty values, and blanks around them, are left out, as udev leaves them out.
 */
class ScsiIdTest {

    private static final int GIVEN = 4;

    @TestFactory
    Stream<DynamicTest> theSameAsUdev() throws IOException {
        try (InputStream file = Objects.requireNonNull(ScsiIdTest.class.getResourceAsStream("scsi-id.tsv"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(row -> DynamicTest.dynamicTest(
                            row[0], () -> assertThat(told(row)).isEqualTo(expected(row))));
        }
    }

    private static Map<String, String> told(String[] row) {
        IdentityBytes bytes = new IdentityBytes(digits(row[1]), digits(row[2]), digits(row[3]));
        return new TreeMap<>(new DeviceNames(ScsiId.properties(bytes)).properties());
    }

    private static String digits(String field) {
        return field.equals("-") ? "" : field;
    }

    private static Map<String, String> expected(String[] row) {
        return Arrays.stream(row)
                .skip(GIVEN)
                .map(property -> property.split("=", 2))
                .collect(Collectors.toMap(
                        property -> property[0], property -> property[1], (one, other) -> other, TreeMap::new));
    }
}
