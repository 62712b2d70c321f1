package io.lunbridge.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A line of a list of calls of iscsiadm: words between blanks, behind a flag in brackets that says what is not alike.
 *
 * @param flag empty if all is
 */
record IscsiadmCall(String flag, List<String> words) {

    /**
     * What a call did.
     *
     * @param out lines of standard output
     * @param files the database's, by name: each file's text, each link's target
     */
    record Outcome(String code, List<String> out, String err, Map<String, String> files) {}

    /** The lists of a resource, by their names; {@code == NAME} begins one. */
    static Map<String, List<IscsiadmCall>> groups(String resource) throws IOException {
        Map<String, List<IscsiadmCall>> groups = new TreeMap<>();
        List<IscsiadmCall> group = new ArrayList<>();
        byte[] text = Objects.requireNonNull(IscsiadmCall.class.getResourceAsStream(resource))
                .readAllBytes();
        for (String line : new String(text, StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("== ")) {
                group = new ArrayList<>();
                groups.put(line.substring(3), group);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                group.add(of(line));
            }
        }
        return groups;
    }

    private static IscsiadmCall of(String line) {
        int end = line.startsWith("[") ? line.indexOf(']') : -1;
        List<String> words = new ArrayList<>();
        for (String word : line.substring(end + 1).trim().split(" ", -1)) {
            words.add(word.equals("''") ? "" : word);
        }
        return new IscsiadmCall(end < 0 ? "" : line.substring(1, end), words);
    }

    /** As a shell takes them. */
    String quoted() {
        StringBuilder quoted = new StringBuilder();
        words.forEach(word -> quoted.append('\'').append(word).append("' "));
        return quoted.toString();
    }

    /** What is not alike, for people; empty if all is that has to be. */
    String difference(Outcome oneOutcome, Outcome otherOutcome) {
        Outcome one = reduced(oneOutcome);
        Outcome other = reduced(otherOutcome);
        if (one.equals(other)) {
            return "";
        }
        StringBuilder text = new StringBuilder(this + "\nreal: " + other.code() + " " + other.out() + "\n" + other.err()
                + "\nours: " + one.code() + " " + one.out() + "\n" + one.err());
        Set<String> names = new TreeSet<>(one.files().keySet());
        names.addAll(other.files().keySet());
        for (String name : names) {
            String its = one.files().getOrDefault(name, "(no file)");
            String others = other.files().getOrDefault(name, "(no file)");
            if (!its.equals(others)) {
                List<String> onlyReal = new ArrayList<>(lines(others));
                onlyReal.removeAll(lines(its));
                List<String> onlyOurs = new ArrayList<>(lines(its));
                onlyOurs.removeAll(lines(others));
                text.append("\n").append(name).append("\n  real: ").append(onlyReal);
                text.append("\n  ours: ").append(onlyOurs);
            }
        }
        return text.append('\n').toString();
    }

    private Outcome reduced(Outcome outcome) {
        return switch (flag) {
            case "", "alone" -> outcome;
            case "order" ->
                new Outcome(outcome.code(), outcome.out().stream().sorted().toList(), outcome.err(), outcome.files());
            case "end" -> new Outcome(outcome.code(), outcome.out(), end(outcome.err()), outcome.files());
            case "result" -> new Outcome(outcome.code(), outcome.out(), "", outcome.files());
            case "files" -> new Outcome(outcome.code(), List.of(), "", outcome.files());
            case "own" -> new Outcome("", List.of(), "", Map.of());
            default -> throw new IllegalArgumentException(flag);
        };
    }

    private static String end(String err) {
        List<String> lines = err.lines().toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    static List<String> lines(String text) {
        return Arrays.asList(text.split("\n", -1));
    }

    /** @param calledEtc what links call {@code /etc/iscsi} */
    static Map<String, String> files(Path etc, String calledEtc) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(etc)) {
            for (Path path : paths.toList()) {
                String name = etc.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    files.put(
                            name,
                            "link to " + Files.readSymbolicLink(path).toString().replace(calledEtc, ""));
                } else if (Files.isRegularFile(path)) {
                    files.put(name, Files.readString(path));
                }
            }
        }
        return files;
    }

    @Override
    public String toString() {
        return "iscsiadm " + String.join(" ", words);
    }
}
