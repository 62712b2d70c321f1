package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.session.SessionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which credentials a session gets, and what is wrong with bad ones. */
final class ChapSettingsTest {

    private static final LunUrl URL = LunUrl.parse("iscsi://192.0.2.1/iqn.a:b/0");
    private static final LunUrl WITH_USER = LunUrl.parse("iscsi://joe@192.0.2.1/iqn.a:b/0");
    private static final LunUrl WITH_SECRET = LunUrl.parse("iscsi://joe%hushhushhush@192.0.2.1/iqn.a:b/0");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("LIBISCSI_CHAP_USERNAME", "env", "LIBISCSI_CHAP_PASSWORD", "hushhushhush");
    private static final Map<String, String> TARGETS_ENVIRONMENT =
            Map.of("LIBISCSI_CHAP_TARGET_USERNAME", "disk", "LIBISCSI_CHAP_TARGET_PASSWORD", "quietquietquiet");

    @TempDir
    private Path directory;

    @Test
    void withoutCredentialsThereIsNoChap() throws Exception {
        assertThat(chap(settings(null, Map.of()), URL)).isNull();
    }

    @Test
    void theUrlComesBeforeTheFileAndTheFileBeforeTheEnvironment() throws Exception {
        Path file = file("username = filed\npassword = hushhushhush\n");

        assertThat(chap(settings(file, ENVIRONMENT), WITH_SECRET)).isEqualTo("CHAP user joe");
        assertThat(chap(settings(file, ENVIRONMENT), URL)).isEqualTo("CHAP user filed");
        assertThat(chap(settings(null, ENVIRONMENT), URL)).isEqualTo("CHAP user env");
    }

    @Test
    void theTargetsAccountMakesItMutualWhereverItIs() throws Exception {
        String mutual = "CHAP user joe, target CHAP user disk";
        Path file = file("""
                # the storage's
                target-username=disk

                target-password-hex = 00112233445566778899aabbccddeeff
                """);

        assertThat(chap(settings(null, TARGETS_ENVIRONMENT), WITH_SECRET)).isEqualTo(mutual);
        assertThat(chap(settings(file, ENVIRONMENT), WITH_SECRET)).isEqualTo(mutual);
        assertThat(failure(settings(file, Map.of()), URL)).contains("none for us");
    }

    @Test
    void aUrlsUserTakesItsSecretFromElsewhere() throws Exception {
        Path file = file("username = joe\npassword = a b = c#d\n");

        assertThat(chap(settings(file, Map.of()), WITH_USER)).isEqualTo("CHAP user joe");
        assertThat(failure(settings(null, ENVIRONMENT), WITH_USER)).contains("'joe'", "'env'");
        assertThat(failure(settings(null, Map.of()), WITH_USER)).contains("'joe'", "none elsewhere");
    }

    @Test
    void half() {
        assertThat(failure(settings(null, Map.of("LIBISCSI_CHAP_USERNAME", "x")), URL))
                .contains("LIBISCSI_CHAP_PASSWORD");
    }

    @Test
    void theSameSecretBothWays() {
        Map<String, String> same =
                Map.of("LIBISCSI_CHAP_TARGET_USERNAME", "disk", "LIBISCSI_CHAP_TARGET_PASSWORD", "hushhushhush");

        assertThat(failure(settings(null, same), WITH_SECRET)).contains("same").doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "username = joe | either",
                "password = hush1234hush | needs username",
                "username = joe~password = hush1234hush~password-hex = 00 | either",
                "username = joe~password = | 1 to 255",
                "username = joe~password-hex = 0 | hex digits",
                "username = joe~username = jim | username twice",
                "hush1234hush | line 1",
                "~~secret = hush1234hush | line 3"
            })
    void filesThatCannotBe(String text, String reason) throws Exception {
        Path file = file(text.replace('~', '\n'));

        assertThat(failure(settings(file, Map.of()), URL))
                .contains(file.toString())
                .contains(reason)
                .doesNotContain("hush1234");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-r--r--"})
    void aFileThatIsOpenToOthers(String permissions) throws Exception {
        Path file = file("username = joe\npassword = hushhushhush\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThat(failure(settings(file, Map.of()), URL)).contains(permissions, "chmod 600");
    }

    @Test
    void aFileThatIsNotThere() {
        assertThat(failure(settings(directory.resolve("none"), Map.of()), URL)).contains("none");
    }

    @Test
    void textOfTheSettingsHoldsNoSecret() {
        ChapSettings settings = settings(null, ENVIRONMENT);

        assertThat(SessionSettings.BRIEF.withChap(settings)).asString().doesNotContain("hush");
        assertThat(WITH_SECRET).asString().doesNotContain("hush");
    }

    @Test
    void aMessageHoldsNoSecretOfAUrl() {
        assertThat(CommandLineSecret.without("unmatched 'iscsi://joe%hu@sh@h/iqn.a:b/1' and iscsi://h/iqn.a:c@d/1"))
                .isEqualTo("unmatched 'iscsi://joe%…@h/iqn.a:b/1' and iscsi://h/iqn.a:c@d/1");
    }

    private static ChapSettings settings(@Nullable Path file, Map<String, String> environment) {
        return new ChapSettings(file, List.of(ChapAlgorithm.SHA_256), environment);
    }

    private static @Nullable String chap(ChapSettings settings, LunUrl url) throws CommandException {
        SessionConfig config = Sessions.brief(url.portal(), url.targetName());
        return settings.applyTo(config, url).login().authentication() instanceof ChapAuthentication chap
                ? chap.toString()
                : null;
    }

    private static String failure(ChapSettings settings, LunUrl url) {
        CommandException failure = catchThrowableOfType(CommandException.class, () -> chap(settings, url));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
        return failure.sentence();
    }

    private Path file(String text) throws IOException {
        Path file = Files.createTempFile(directory, "chap", "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return Files.writeString(file, text);
    }
}
