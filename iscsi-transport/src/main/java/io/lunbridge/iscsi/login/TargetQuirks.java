package io.lunbridge.iscsi.login;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a certain kind of target needs that the standard does not ask for; the table is the resource {@code
 * target-quirks.txt}.
 *
 * @param newIsidAfterFailures {@code new-isid-after}: so many logins that fail to reinstate a session, and the next is made
 *     with another ISID qualifier; 0 never
 * @param lunsMove {@code luns-move}: a unit that vanishes from a session that is up is on its way to another portal and is
 *     waited for, as it is after a login with any target
 * @param chapAlgorithms {@code chap}: what to propose where the user has no wish, the preferred first
 */
public record TargetQuirks(int newIsidAfterFailures, boolean lunsMove, List<ChapAlgorithm> chapAlgorithms) {

    /** A target like any other. */
    public static final TargetQuirks NONE = new TargetQuirks(0, false, ChapAlgorithm.strongestFirst());

    private static final String TABLE = "target-quirks.txt";
    private static final List<Row> ROWS = read();

    private record Row(Pattern name, TargetQuirks quirks) {}

    public TargetQuirks {
        chapAlgorithms = List.copyOf(chapAlgorithms);
    }

    /** What the target of that name needs. */
    public static TargetQuirks of(String targetName) {
        return ROWS.stream()
                .filter(row -> row.name.matcher(targetName).matches())
                .findFirst()
                .map(Row::quirks)
                .orElse(NONE);
    }

    private static List<Row> read() {
        InputStream table = Objects.requireNonNull(TargetQuirks.class.getResourceAsStream(TABLE), TABLE);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            return rows(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Row> rows(List<String> lines) {
        List<Row> rows = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
            if (!words[0].isEmpty()) {
                rows.add(row(words));
            }
        }
        return List.copyOf(rows);
    }

    private static Row row(String[] words) {
        TargetQuirks quirks = NONE;
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            int equals = word.indexOf('=');
            quirks = quirks.with(word.substring(0, equals), word.substring(equals + 1));
        }
        String pattern = Arrays.stream(words[0].split("\\*", -1))
                .map(Pattern::quote)
                .reduce((left, right) -> left + ".*" + right)
                .orElse("");
        return new Row(Pattern.compile(pattern), quirks);
    }

    private TargetQuirks with(String action, String value) {
        return switch (action) {
            case "new-isid-after" -> new TargetQuirks(Integer.parseInt(value), lunsMove, chapAlgorithms);
            case "luns-move" -> new TargetQuirks(newIsidAfterFailures, value.equals("yes"), chapAlgorithms);
            case "chap" -> new TargetQuirks(newIsidAfterFailures, lunsMove, algorithms(value));
            default -> throw new IllegalStateException(TABLE + ": " + action);
        };
    }

    private static List<ChapAlgorithm> algorithms(String list) {
        List<ChapAlgorithm> available = ChapAlgorithm.strongestFirst();
        return Arrays.stream(list.split(",", -1))
                .map(ChapAlgorithm::named)
                .filter(available::contains)
                .toList();
    }
}
