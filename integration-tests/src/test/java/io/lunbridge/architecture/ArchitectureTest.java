package io.lunbridge.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The product's classes keep the rules of {@link ArchitectureRules}; and each rule is seen to catch a planted breach. */
@Tag("once")
class ArchitectureTest {

    private static JavaClasses product = new ClassFileImporter().importClasses();

    @TempDir
    private Path directory;

    @BeforeAll
    static void importProduct() {
        List<Path> compiled = Sources.MODULES.stream()
                .map(module -> Sources.top().resolve(module).resolve("target/classes"))
                .filter(Files::exists)
                .toList();
        product = new ClassFileImporter().importPaths(compiled);
        assertThat(product).hasSizeGreaterThan(10);
    }

    static Stream<Arguments> rulesAndTheirBreaches() {
        return Stream.of(
                breach(ArchitectureRules.PACKAGES_KNOW_ONLY_THOSE_BELOW, "block", "io.lunbridge.scsi.Other other;"),
                breach(
                        ArchitectureRules.PACKAGES_KNOW_ONLY_THOSE_BELOW,
                        "nbd.export",
                        "io.lunbridge.scsi.Other other;"),
                breach(ArchitectureRules.PACKAGES_KNOW_ONLY_THOSE_BELOW, "unheard", "int field;"),
                breach(ArchitectureRules.NATIVE_CALLS_ARE_IN_ONE_PLACE, "nbd.export", "jnr.ffi.Pointer pointer;"),
                breach(ArchitectureRules.PICOCLI_IS_FOR_COMMANDS, "daemon", "picocli.CommandLine line;"),
                breach(
                        ArchitectureRules.NO_WAITING_ON_THE_DATA_PATH,
                        "iscsi.session",
                        "java.util.concurrent.locks.ReentrantLock lock;"),
                breach(
                        ArchitectureRules.NO_WAITING_ON_THE_DATA_PATH,
                        "block",
                        "java.util.concurrent.CompletableFuture<String> future;"),
                breach(ArchitectureRules.TIME_COMES_FROM_THE_LOOP, "iscsi.login", "long now = System.nanoTime();"),
                breach(ArchitectureRules.TIME_COMES_FROM_THE_LOOP, "scsi", "long now = System.currentTimeMillis();"),
                breach(ArchitectureRules.TIME_COMES_FROM_THE_LOOP, "block", "Object now = java.time.Instant.now();"),
                breach(
                        ArchitectureRules.ONLY_THE_DAEMON_CHOOSES_A_TRANSPORT,
                        "nbd.handshake",
                        "io.netty.channel.socket.nio.NioSocketChannel channel;"),
                breach(
                        ArchitectureRules.ONLY_THE_DAEMON_KNOWS_LOGBACK,
                        "commands",
                        "ch.qos.logback.classic.Logger logger;"));
    }

    static Stream<ArchRule> rules() {
        return rulesAndTheirBreaches()
                .map(arguments -> (ArchRule) arguments.get()[0])
                .distinct();
    }

    private static Arguments breach(ArchRule rule, String packageName, String field) {
        return Arguments.of(rule, packageName, field);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theProductKeeps(ArchRule rule) {
        rule.check(product);
    }

    @ParameterizedTest
    @MethodSource("rulesAndTheirBreaches")
    void isCaught(ArchRule rule, String packageName, String field) {
        Planted planted = new Planted(directory);
        planted.add("io.lunbridge.scsi", "Other", "");
        planted.add("io.lunbridge." + packageName, "Planted", field);
        JavaClasses classes = new ClassFileImporter().importPath(planted.compile());
        assertThat(rule.evaluate(classes).hasViolation()).isTrue();
    }

    @Test
    void anEmptyProductIsNoBreach() {
        JavaClasses nothing = new ClassFileImporter().importPath(directory);
        rules().forEach(rule -> rule.check(nothing));
    }
}
