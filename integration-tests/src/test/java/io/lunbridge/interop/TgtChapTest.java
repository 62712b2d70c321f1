package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.block.TestLoop;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.iscsi.login.ChapAccount;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CHAP with tgt, which knows MD5, and SHA-1 under the number of SHA-256, so that whole lists come down to MD5 in a second
 * login: of the library, and of the command line  with all its sources of secrets.
 */
@NeedsTools("tgtd")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TgtChapTest {

    private static final String SECRET = "hushhushhush1";
    private static final String TARGET_SECRET = "quietquietquiet2";

    private final TestLoop loop = TestLoop.nio();
    private final TgtTarget oneWay = TgtTarget.start();
    private final TgtTarget mutual = TgtTarget.start();
    private final TgtTarget open = TgtTarget.start();
    private int lun;

    @BeforeAll
    void demandChap() {
        lun = oneWay.addFileLun(1 << 20);
        mutual.addFileLun(1 << 20);
        incoming(oneWay);
        incoming(mutual);
        outgoing(mutual);
    }

    private static void incoming(TgtTarget target) {
        account(target, "joe", SECRET);
        target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", "joe");
    }

    private static void outgoing(TgtTarget target) {
        account(target, "disk", TARGET_SECRET);
        target.admin("--mode", "account", "--op", "bind", "--tid", "1", "--user", "disk", "--outgoing");
    }

    private static void account(TgtTarget target, String user, String secret) {
        target.admin("--mode", "account", "--op", "new", "--user", user, "--password", secret);
    }

    @AfterAll
    void close() {
        oneWay.close();
        mutual.close();
        open.close();
        loop.close();
    }

    @Test
    void theListIsTakenAndSoIsTheRightSecret() {
        login(oneWay, chap(SECRET, null));
    }

    @Test
    void md5Alone() {
        login(oneWay, chap(SECRET, null, ChapAlgorithm.MD5));
        login(mutual, chap(SECRET, TARGET_SECRET, ChapAlgorithm.MD5));
    }

    @ParameterizedTest
    @EnumSource(names = "MD5", mode = EnumSource.Mode.EXCLUDE)
    void aListWithoutMd5StaysWithoutIt(ChapAlgorithm algorithm) {
        expectFailure(oneWay, chap(SECRET, null, algorithm));
    }

    @Test
    void aTargetThatProvesItself() {
        login(mutual, chap(SECRET, TARGET_SECRET));
    }

    @Test
    void aTargetThatProvesToBeAnother() {
        assertThat(expectFailure(mutual, chap(SECRET, "anotherquiet3")))
                .hasMessageContaining("the target does not prove itself");
    }

    @Test
    void aTargetThatCannotProveItself() {
        expectFailure(oneWay, chap(SECRET, TARGET_SECRET));
        expectFailure(open, chap(SECRET, TARGET_SECRET));
    }

    @Test
    void aTargetThatWantsNoProof() {
        login(open, chap(SECRET, null));
    }

    @Test
    void wrongAndMissingSecrets() {
        expectFailure(oneWay, chap("wrong-hush-hush", null));
        assertThatThrownBy(() -> ScsiDiskOnTgt.openSession(loop.loop(), ScsiDiskOnTgt.config(oneWay)))
                .cause()
                .isInstanceOfSatisfying(
                        SessionException.class,
                        cause -> assertThat(cause.kind()).isEqualTo(SessionException.Kind.AUTHENTICATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Temporary", "Permanent"})
    void aRedirectionBeginsAnew(String reason) {
        try (TgtTarget portal = TgtTarget.start()) {
            incoming(portal);
            outgoing(portal);
            portal.updateTarget("RedirectAddress", "127.0.0.1");
            portal.updateTarget("RedirectPort", Integer.toString(mutual.port()));
            portal.updateTarget("RedirectReason", reason);
            login(portal, chap(SECRET, TARGET_SECRET));
            assertThat(portal.sessionCount()).isZero();
        }
    }

    private void login(TgtTarget target, ChapAuthentication chap) {
        Session session = ScsiDiskOnTgt.openSession(loop.loop(), config(target, chap));
        ScsiDiskOnTgt.close(session);
    }

    private SessionException expectFailure(TgtTarget target, ChapAuthentication chap) {
        try {
            login(target, chap);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof SessionException failure) {
                assertThat(failure.kind()).isEqualTo(SessionException.Kind.AUTHENTICATION);
                assertThat(failure).hasMessageNotContaining("hush").hasMessageNotContaining("quiet");
                return failure;
            }
            throw e;
        }
        throw new AssertionError("logged in");
    }

    private static SessionConfig config(TgtTarget target, ChapAuthentication chap) {
        SessionConfig config = ScsiDiskOnTgt.config(target);
        return config.withLogin(config.login().withAuthentication(chap));
    }

    private static ChapAuthentication chap(String secret, @Nullable String targetSecret, ChapAlgorithm... only) {
        List<ChapAlgorithm> algorithms = only.length == 0 ? ChapAlgorithm.strongestFirst() : Arrays.asList(only);
        ChapAccount target = targetSecret == null ? null : chapAccount("disk", targetSecret);
        return new ChapAuthentication(chapAccount("joe", secret), target, algorithms, new SecureRandom());
    }

    private static ChapAccount chapAccount(String name, String secret) {
        return new ChapAccount(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theUrlsSecretIsTakenAndDoesNotStayVisible() {
        String url = oneWay.url(lun).replace("//", "//joe%" + SECRET + "@");
        assertLetIn(Lunbridge.run("info", url));

        try (BackgroundProcess serving = Lunbridge.start("serve", url, "--listen", "127.0.0.1:0")) {
            Waiting.until(Duration.ofSeconds(20), () -> serving.output().contains("ready"), serving::output);
            assertThat(commandLines(serving.pid())).contains("joe%xxx").doesNotContain(SECRET);
            assertThat(serving.output()).doesNotContain(SECRET);
        }
    }

    /** Of the process, and of those that it has started. */
    private static String commandLines(long pid) {
        StringBuilder all = new StringBuilder();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        Stream.concat(Stream.of(process), process.descendants())
                .forEach(one -> all.append(Processes.text(Path.of("/proc/" + one.pid() + "/cmdline"))));
        return all.toString();
    }

    @Test
    void aFilesSecretsAreTaken(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("chap"),
                "username = joe\npassword = " + SECRET + "\ntarget-username = disk\ntarget-password = "
                        + TARGET_SECRET);
        assertRefused(
                ExitCode.USAGE, "chmod 600", Lunbridge.run("info", mutual.url(lun), "--chap-file", file.toString()));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Lunbridge.Outcome verbose = Lunbridge.run(
                "info", "-vv", mutual.url(lun), "--chap-file", file.toString(), "--chap-algorithms", "sha1,md5");
        assertLetIn(verbose);
        assertThat(verbose.err()).contains("CHAP with MD5");
    }

    @Test
    void theEnvironmentsSecretsAreTaken() {
        List<String> environment = List.of("env", "LIBISCSI_CHAP_USERNAME=joe", "LIBISCSI_CHAP_PASSWORD=" + SECRET);
        assertLetIn(Lunbridge.run(environment, "info", oneWay.url(lun)));
        assertLetIn(Lunbridge.run(environment, "discover", "--luns", "127.0.0.1:" + oneWay.port()));
    }

    @Test
    void whatIsWrongIsOneLine() {
        assertRefused(ExitCode.LOGIN_REFUSED, "--chap-file", Lunbridge.run("info", oneWay.url(lun)));
        String wrong = oneWay.url(lun).replace("//", "//joe%wrong" + SECRET + "@");
        assertRefused(ExitCode.LOGIN_REFUSED, "check CHAP", Lunbridge.run("info", wrong));
        assertRefused(ExitCode.USAGE, "SHA-256", Lunbridge.run("info", wrong, "--chap-algorithms", "SHA-999"));
    }

    private static void assertLetIn(Lunbridge.Outcome outcome) {
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains(TgtTarget.IQN);
        assertNoSecret(outcome);
    }

    private static void assertRefused(ExitCode exitCode, String reason, Lunbridge.Outcome outcome) {
        assertThat(outcome.err()).startsWith("lunbridge: ").contains(reason).hasLineCount(1);
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode.number());
        assertNoSecret(outcome);
    }

    private static void assertNoSecret(Lunbridge.Outcome outcome) {
        assertThat(outcome.out() + outcome.err()).doesNotContain(SECRET).doesNotContain(TARGET_SECRET);
    }
}
