package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code scripts/install} into the files of a system on which dpkg has open-iscsi, or has not: the names that clients know
 * are there, and nobody else's file is lost.
 */
@NeedsTools({"dpkg-divert", "groff"})
@Tag("once")
class InstallAsOpenIscsiTest {

    private static final Path SCRIPTS =
            Path.of("..").toAbsolutePath().normalize().resolve("scripts");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What Debian's package has, as dpkg calls it. */
    private static final List<String> THEIRS = List.of(
            "sbin/iscsiadm",
            "sbin/iscsid",
            "usr/bin/iscsiadm",
            "lib/systemd/system/iscsid.service",
            "usr/share/man/man8/iscsiadm.8.gz",
            "etc/iscsi/iscsid.conf");

    @TempDir
    private Path system;

    @BeforeEach
    void aSystem() throws IOException {
        assumeTrue(Lunbridge.isPackaged(), "not packaged");
        for (String directory : List.of("etc", "usr/sbin", "usr/bin", "usr/lib", "var/lib")) {
            Files.createDirectories(system.resolve(directory));
        }
        for (String merged : List.of("sbin", "lib")) {
            Files.createSymbolicLink(system.resolve(merged), Path.of("usr", merged));
        }
        Files.writeString(system.resolve("etc/os-release"), "ID=debian\n");
    }

    @Test
    @Row({"CR-19", "CR-21", "CR-22", "CR-24", "M-140", "M-141", "M-145", "M-146", "S-15", "U-12"})
    void clientsFindWhatTheyLookFor() throws IOException {
        install().orFail();
        assertThat(system.resolve("sbin/iscsiadm")).content().contains("node.session.scan");
        assertThat(system.resolve("usr/bin/iscsiadm").toRealPath())
                .isEqualTo(system.resolve("usr/sbin/iscsiadm").toRealPath());
        for (String name :
                List.of("iscsid", "iscsi-iname", "iscsi-gen-initiatorname", "iscsistart", "iscsi_discovery")) {
            assertThat(system.resolve("sbin").resolve(name)).isExecutable();
        }
        Path units = system.resolve("lib/systemd/system");
        assertThat(units.resolve("lunbridge.service").toRealPath())
                .isEqualTo(units.resolve("iscsid.service").toRealPath());
        assertThat(units.resolve("iscsi.service")).isSymbolicLink();
        assertThat(units.resolve("open-iscsi.service"))
                .content()
                .contains("SuccessExitStatus=21 15", "Before=remote-fs-pre.target", "After=", "iscsid.service");
        assertThat(system.resolve("etc/iscsi/initiatorname.iscsi")).doesNotExist();
        assertThat(run(
                                "usr/bin/iscsiadm",
                                "-m",
                                "node",
                                "-o",
                                "new",
                                "-T",
                                "iqn.2026-01.org.example:a",
                                "-p",
                                "192.0.2.1,1")
                        .exitStatus())
                .isZero();
        assertThat(system.resolve("var/lib/iscsi/nodes/iqn.2026-01.org.example:a/192.0.2.1,3260,1/default"))
                .isRegularFile();
        assertThat(run("sbin/iscsid", "--version").output()).isEqualTo("iscsid version 2.1.8\n");
    }

    @Test
    void recordsInTheOtherPlaceHaveALink() throws IOException {
        Path nodes = system.resolve("var/lib/iscsi/nodes");
        Files.createDirectories(nodes.resolve("iqn.2026-01.org.example:a"));
        Files.writeString(system.resolve("etc/os-release"), "ID=fedora\n");
        install().orFail();
        assertThat(system.resolve("etc/iscsi/nodes").toRealPath()).isEqualTo(nodes.toRealPath());
    }

    @Test
    void aHostThatHasAConfigurationKeepsIt() throws IOException {
        Path conf = Files.createDirectories(system.resolve("etc/iscsi")).resolve("iscsid.conf");
        Path name = conf.resolveSibling("initiatorname.iscsi");
        Files.writeString(conf, "node.startup = automatic\n");
        Files.writeString(name, "InitiatorName=iqn.2026-01.org.example:me\n");
        install().orFail();
        install("--uninstall").orFail();
        assertThat(conf).hasContent("node.startup = automatic");
        assertThat(name).hasContent("InitiatorName=iqn.2026-01.org.example:me");
    }

    @Test
    void aPackagesFilesAreNotTouchedUnlessPutAside() throws IOException {
        openIscsi();
        Map<String, String> before = files();
        refuses("/usr/sbin/iscsiadm belongs to open-iscsi, and 5 files in all are in the way; --divert", install());
        assertThat(files()).isEqualTo(before);

        install("--without-iscsiadm").orFail();
        assertThat(system.resolve("usr/bin/lunbridge")).isExecutable();
        assertThat(theirs()).containsOnly("theirs");
        install("--uninstall").orFail();

        install("--divert").orFail();
        assertThat(system.resolve("sbin/iscsiadm")).content().contains("node.session.scan");
        assertThat(system.resolve("sbin/iscsiadm.open-iscsi")).content().isEqualTo("theirs");
        assertThat(system.resolve("usr/share/man/man8/iscsiadm.8.gz")).doesNotExist();
        install().orFail();
        install("--uninstall").orFail();
        assertThat(theirs()).containsOnly("theirs");
        assertThat(files().keySet().stream().filter(file -> file.contains("open-iscsi") && !file.contains("dpkg")))
                .isEmpty();
    }

    @Test
    void withoutIscsiadmLaterPutsThePackagesFilesBack() throws IOException {
        openIscsi();
        install("--divert").orFail();
        install("--without-iscsiadm").orFail();
        assertThat(theirs()).containsOnly("theirs");
        assertThat(system.resolve("lib/systemd/system/lunbridge.service")).isRegularFile();
        assertThat(system.resolve("usr/sbin/iscsistart")).doesNotExist();
    }

    @Test
    void aPackageThatCameLaterKeepsItsFiles() throws IOException {
        install().orFail();
        openIscsi();
        refuses("belongs to open-iscsi", install());
        install("--uninstall").orFail();
        assertThat(theirs()).containsOnly("theirs");
        assertThat(system.resolve("usr/sbin/iscsistart")).doesNotExist();
    }

    @Test
    void whatTheKernelsInitiatorServesIsNotTakenFromIt() throws IOException {
        openIscsi();
        Map<String, String> kernel =
                Map.of("LUNBRIDGE_SYS", system.resolve("sys").toString());
        Path session = Files.createDirectories(system.resolve("sys/class/iscsi_session/session1"));
        refuses("the kernel's initiator has sessions", install(kernel, "--divert"));
        assertThat(theirs()).containsOnly("theirs");
        Files.delete(session);
        Files.writeString(system.resolve("etc/iscsi/iscsi.initramfs"), "");
        refuses("this system boots from iSCSI", install(kernel, "--divert"));
        assertThat(theirs()).containsOnly("theirs");
    }

    @Test
    @Row({"S-77", "M-140", "M-141", "M-142", "M-143", "M-110"})
    void theManualHasEveryOptionOfThePrograms() throws IOException {
        install().orFail();
        for (String program :
                List.of("iscsid", "iscsistart", "iscsi-iname", "iscsi-gen-initiatorname", "iscsi_discovery")) {
            String help = run("sbin/" + program, "-h").output();
            Path page = system.resolve("usr/share/man/man8").resolve(program + ".8");
            String text = Processes.outcome(LIMIT, "groff", "-man", "-Tascii", "-P-cbou", page.toString())
                    .output();
            assertThat(options(text)).as(program).containsAll(options(help)).isNotEmpty();
        }
        Path page = system.resolve("usr/share/man/man8/iscsiadm.8");
        assertThat(page).content().contains("\\-\\-targetname\\fP", "Modes: node.", "\n.B 24\n");
    }

    @Test
    void bashCompletesWhatAModeTakes() {
        install().orFail();
        assertThat(completed("iscsiadm", "-m", "no")).containsExactly("node");
        assertThat(completed("iscsiadm", "-m", "node", "--tar")).containsExactly("--targetname");
        assertThat(completed("iscsiadm", "-m", "session", "--tar")).isEmpty();
        assertThat(completed("iscsiadm", "-m", "node", "-o", "u")).containsExactly("update");
    }

    private List<String> completed(String... words) {
        String script = "source " + system + "/usr/share/bash-completion/completions/iscsiadm; COMP_WORDS=("
                + String.join(" ", words) + "); COMP_CWORD=" + (words.length - 1)
                + "; _iscsiadm; printf '%s\\n' \"${COMPREPLY[@]}\"";
        return Processes.outcome(LIMIT, "bash", "-c", script)
                .output()
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Those by a letter, which each option has. */
    private static List<String> options(String text) {
        return Pattern.compile("(?<=[\\s\\[])-[A-Za-z](?=[,\\s\\]/])")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    /** As dpkg would have it here. */
    private void openIscsi() throws IOException {
        Path dpkg = system.resolve("var/lib/dpkg");
        for (String directory : List.of("info", "updates", "triggers")) {
            Files.createDirectories(dpkg.resolve(directory));
        }
        Files.writeString(dpkg.resolve("status"), """
                Package: open-iscsi
                Status: install ok installed
                Architecture: amd64
                Version: 2.1.8-1
                Maintainer: Nobody <nobody@example.org>
                Description: initiator

                """);
        Files.writeString(dpkg.resolve("info/open-iscsi.list"), "/.\n/" + String.join("\n/", THEIRS) + "\n");
        for (String file : THEIRS) {
            Path path = system.resolve(file);
            Files.createDirectories(path.getParent());
            Files.deleteIfExists(path);
            Files.writeString(path, "theirs");
        }
    }

    private List<String> theirs() throws IOException {
        return THEIRS.stream().map(file -> text(system.resolve(file))).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void refuses(String reason, Processes.Outcome outcome) {
        assertThat(outcome.exitStatus()).as(outcome.toString()).isEqualTo(1);
        assertThat(outcome.output()).startsWith("install: ").contains(reason).hasLineCount(1);
    }

    private Processes.Outcome install(String... arguments) {
        return install(Map.of(), arguments);
    }

    private Processes.Outcome install(Map<String, String> environment, String... arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DESTDIR", system.toString());
        return Processes.outcome(
                LIMIT,
                all,
                Stream.concat(Stream.of(SCRIPTS.resolve("install").toString()), Stream.of(arguments))
                        .toList());
    }

    /** An installed program, for which the directory stands for /. */
    private Processes.Outcome run(String program, String... arguments) {
        Map<String, String> environment = new HashMap<>(Lunbridge.environment());
        environment.put("LUNBRIDGE_ROOT", system.toString());
        return Processes.outcome(
                LIMIT,
                environment,
                Stream.concat(Stream.of(system.resolve(program).toString()), Stream.of(arguments))
                        .toList());
    }

    /** Every file, and whether it is one of theirs; but for the directories that an attempt leaves. */
    private Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(system)) {
            for (Path file : tree.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                found.put(system.relativize(file).toString(), Files.isSymbolicLink(file) ? "link" : text(file));
            }
        }
        return found;
    }
}
