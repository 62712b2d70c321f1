package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.IscsiadmCall.Outcome;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Discoveries by Debian's iscsiadm and by ours, of the same portals and the same iSNS server in one network namespace, into
 * equal databases: what they print, where, their exit codes, and every file after each call. The list is
 * {@code discovery-calls.txt}.
 */
@Tag("once")
@NeedsTools({"iscsiadm", "unshare", "python3", "isnsd", "isnsadm"})
class IscsiadmDiscoveryTest {

    private static final String CONFIGURATION = """
            discovery.sendtargets.timeo.login_timeout = 5
            discovery.sendtargets.timeo.auth_timeout = 5
            discovery.sendtargets.timeo.active_timeout = 5
            discovery.sendtargets.reopen_max = 0
            """;
    private static final String NAME = "InitiatorName=iqn.2001-04.com.example:initiator\n";

    @TempDir
    private Path directory;

    @TestFactory
    @Row({
        "S-21", "S-22", "S-23", "S-24", "S-25", "S-27", "S-53", "S-66", "S-82", "S-83", "M-47", "M-49", "M-51", "M-53",
        "M-54", "M-55", "M-56", "M-136", "CR-5", "CR-6", "CR-7", "CR-12", "CR-16", "U-4"
    })
    Stream<DynamicTest> bothDoTheSame() throws Exception {
        Map<String, List<IscsiadmCall>> groups = IscsiadmCall.groups("discovery-calls.txt");
        run(groups);
        return groups.entrySet().stream()
                .map(group -> DynamicTest.dynamicTest(group.getKey(), () -> compare(group.getKey(), group.getValue())));
    }

    private Path top(String group, String side) {
        return directory.resolve(group.replaceAll("\\W", "-")).resolve(side);
    }

    /** Both sides and all groups beside each other, as most of it is waiting. */
    private void run(Map<String, List<IscsiadmCall>> groups) throws IOException {
        StringBuilder script = new StringBuilder(". %s %s%nexport JAVA_HOME=%s%n"
                .formatted(OpenIscsi.resource("discovery-peers.sh"), directory, System.getProperty("java.home")));
        for (Map.Entry<String, List<IscsiadmCall>> group : groups.entrySet()) {
            for (String side : List.of("real", "ours")) {
                Path top = top(group.getKey(), side);
                prepare(top.resolve("etc/iscsi"));
                Files.createDirectories(top.resolve("out"));
                Path calls = Files.writeString(top.resolve("calls.sh"), calls(top, side, group.getValue()));
                script.append("unshare --mount bash %s & running+=($!)%n".formatted(calls));
            }
        }
        script.append("wait \"${running[@]}\"\n");
        prepare(directory.resolve("etc"));
        new OpenIscsi(directory.resolve("etc")).run(script.toString());
    }

    private static void prepare(Path etc) throws IOException {
        Files.createDirectories(etc);
        Files.writeString(etc.resolve("iscsid.conf"), CONFIGURATION);
        Files.writeString(etc.resolve("initiatorname.iscsi"), NAME);
    }

    private static String calls(Path top, String side, List<IscsiadmCall> calls) {
        boolean isReal = side.equals("real");
        StringBuilder script = new StringBuilder("OUT=%s/out ETC=%s/etc/iscsi%n".formatted(top, top));
        script.append(isReal ? "mount --bind $ETC /etc/iscsi\n" : "export LUNBRIDGE_ROOT=%s%n".formatted(top));
        String program = isReal ? "iscsiadm" : String.join(" ", IscsiadmCallsTest.command());
        for (int i = 0; i < calls.size(); i++) {
            script.append("%s %s >$OUT/%d.out 2>$OUT/%d.err; echo $? >$OUT/%d.code; cp -a $ETC $OUT/%d.etc%n"
                    .formatted(program, calls.get(i).quoted(), i, i, i, i));
        }
        return script.toString();
    }

    private void compare(String group, List<IscsiadmCall> calls) throws IOException {
        Path real = top(group, "real");
        Path ours = top(group, "ours");
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            String difference =
                    calls.get(i).difference(outcome(ours, i, ours + "/etc/iscsi"), outcome(real, i, "/etc/iscsi"));
            if (!difference.isEmpty()) {
                differences.add(difference);
            }
        }
        assertThat(differences).isEmpty();
    }

    private static Outcome outcome(Path top, int number, String calledEtc) throws IOException {
        Path out = top.resolve("out");
        return new Outcome(
                Files.readString(out.resolve(number + ".code")).trim(),
                IscsiadmCall.lines(
                        Files.readString(out.resolve(number + ".out")).replace(top.toString(), "")),
                Files.readString(out.resolve(number + ".err")).replace(top.toString(), ""),
                IscsiadmCall.files(out.resolve(number + ".etc"), calledEtc));
    }
}
