package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.IscsiadmCall.Outcome;
import io.lunbridge.records.Row;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same list of calls by Debian's iscsiadm and by ours, on equal databases: what they print, where, their exit codes,
 * and every file after each call. The list is {@code iscsiadm-calls.txt}.
 */
@Tag("once")
@NeedsTools({"iscsiadm", "unshare", "python3"})
class IscsiadmCallsTest {

    private static final int FEWEST_CALLS = 150;

    private static final String CONFIGURATION = "node.session.timeo.replacement_timeout = 90\n";
    private static final String NAME = "InitiatorName=iqn.2001-04.com.example:initiator\n";

    @TempDir
    private Path directory;

    private static Map<String, List<IscsiadmCall>> groups() throws IOException {
        return IscsiadmCall.groups("iscsiadm-calls.txt");
    }

    @Test
    void theListIsLong() throws IOException {
        assertThat(groups().values().stream().mapToInt(List::size).sum()).isGreaterThan(FEWEST_CALLS);
    }

    @TestFactory
    @Row({
        "S-19", "S-26", "S-28", "S-29", "S-32", "S-34", "S-42", "S-43", "S-46", "S-47", "S-48", "S-49", "S-50", "S-51",
        "S-60", "S-61", "S-62", "S-63", "S-64", "S-70", "M-1", "M-2", "M-3", "M-4", "M-5", "M-6", "M-7", "M-8", "M-9",
        "M-11", "M-17", "M-20", "M-21", "M-25", "M-30", "M-31", "M-32", "M-33", "M-34", "M-35", "M-36", "M-39", "M-48",
        "M-50", "M-51", "M-52", "M-53", "M-57", "M-60", "M-61", "M-62", "M-70", "M-71", "M-78", "M-79", "M-80", "M-82",
        "CR-1", "CR-2", "CR-3", "CR-5", "CR-8", "CR-9", "CR-10", "CR-12", "CR-16", "CR-17", "CR-36", "CR-37"
    })
    Stream<DynamicTest> bothDoTheSame() throws IOException {
        return groups().entrySet().stream()
                .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> compare(group.getKey(), group.getValue())));
    }

    private void compare(String name, List<IscsiadmCall> calls) throws IOException {
        Path top = Files.createDirectories(directory.resolve(name.replaceAll("\\W", "-")));
        List<Outcome> real = real(top.resolve("real"), calls);
        Path root = top.resolve("ours");
        prepare(root.resolve("etc/iscsi"));
        for (int i = 0; i < calls.size(); i++) {
            IscsiadmCall call = calls.get(i);
            assertThat(call.difference(ours(root, call), real.get(i)))
                    .as("call %d", i + 1)
                    .isEmpty();
        }
    }

    private static void prepare(Path etc) throws IOException {
        Files.createDirectories(etc);
        Files.writeString(etc.resolve("iscsid.conf"), CONFIGURATION);
        Files.writeString(etc.resolve("initiatorname.iscsi"), NAME);
    }

    private static List<Outcome> real(Path top, List<IscsiadmCall> calls) throws IOException {
        Path etc = top.resolve("etc");
        Path out = Files.createDirectories(top.resolve("out"));
        prepare(etc);
        StringBuilder script = new StringBuilder("OUT=" + out + "\n");
        for (int i = 0; i < calls.size(); i++) {
            // The socket of who stands for iscsid is its network namespace's.
            String prefix = calls.get(i).flag().equals("alone") ? "unshare --net" : "";
            script.append(
                    "%s iscsiadm %s >$OUT/%d.out 2>$OUT/%d.err; echo $? >$OUT/%d.code; cp -a /etc/iscsi $OUT/%d.etc%n"
                            .formatted(prefix, calls.get(i).quoted(), i, i, i, i));
        }
        new OpenIscsi(etc).run(script.toString());
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            outcomes.add(new Outcome(
                    Files.readString(out.resolve(i + ".code")).trim(),
                    IscsiadmCall.lines(Files.readString(out.resolve(i + ".out"))),
                    Files.readString(out.resolve(i + ".err")),
                    IscsiadmCall.files(out.resolve(i + ".etc"), "/etc/iscsi")));
        }
        return outcomes;
    }

    private static Outcome ours(Path root, IscsiadmCall call) throws IOException {
        Path out = Files.createTempFile(root, "", ".out");
        Path err = Files.createTempFile(root, "", ".err");
        List<String> command = new ArrayList<>(command());
        command.addAll(call.words());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(Lunbridge.environment());
        builder.environment().put("LUNBRIDGE_ROOT", root.toString());
        try {
            int code = builder.start().waitFor();
            return new Outcome(
                    Integer.toString(code),
                    IscsiadmCall.lines(Files.readString(out).replace(root.toString(), "")),
                    Files.readString(err).replace(root.toString(), ""),
                    IscsiadmCall.files(
                            root.resolve("etc/iscsi"), root.resolve("etc/iscsi").toString()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By the launcher where the module cli has been packaged, as users start it. */
    static List<String> command() {
        if (Lunbridge.isPackaged()) {
            return List.of(Path.of("../scripts/iscsiadm").toAbsolutePath().toString());
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        return List.of(java, "-cp", classPath, "io.lunbridge.iscsiadm.Iscsiadm");
    }
}
