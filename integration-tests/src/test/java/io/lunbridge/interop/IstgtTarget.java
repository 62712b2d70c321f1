package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An istgt of a test's own on the loopback interface, with two targets of one LUN each, number 0: {@link #OPEN}, which
 * takes anybody, and {@link #CHAP}, which wants mutual CHAP and both digests.
 */
final class IstgtTarget implements AutoCloseable {

    static final String OPEN = "iqn.2026-11.io.lunbridge:open";
    static final String CHAP = "iqn.2026-11.io.lunbridge:chap";
    static final String USER = "lunbridge";
    static final String SECRET = "initiator-secret";
    static final String TARGET_USER = "istgt";
    static final String TARGET_SECRET = "target-secret-1";

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final Path directory;
    private final int port;
    private final BackgroundProcess istgt;

    IstgtTarget() {
        try {
            directory = Files.createTempDirectory("lunbridge-istgt-");
            port = FreePort.next();
            for (String target : List.of(OPEN, CHAP)) {
                Processes.run(
                        "truncate",
                        "-s",
                        Long.toString(VerifiedIo.SIZE_BYTES),
                        file(target).toString());
            }
            Path accounts = directory.resolve("auth.conf");
            Files.writeString(accounts, accounts());
            Files.setPosixFilePermissions(accounts, PosixFilePermissions.fromString("rw-------"));
            Path settings = directory.resolve("istgt.conf");
            Files.writeString(settings, settings(accounts, FreePort.next()));
            istgt = BackgroundProcess.start("istgt", "-D", "-c", settings.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        istgt.awaitLine(CHAP, START_LIMIT);
        Waiting.until(START_LIMIT, () -> FreePort.isListening(port), () -> "istgt does not listen: " + istgt.output());
    }

    private static String accounts() {
        return "[AuthGroup1]\n  Auth \"" + USER + "\" \"" + SECRET + "\" \"" + TARGET_USER + "\" \"" + TARGET_SECRET
                + "\"\n";
    }

    private String settings(Path accounts, int controlPort) {
        return String.join(
                "\n",
                "[Global]",
                "  NodeBase \"iqn.2026-11.io.lunbridge\"",
                "  PidFile " + directory.resolve("istgt.pid"),
                "  AuthFile " + accounts,
                "  MediaDirectory " + directory,
                "  Timeout 30",
                "  NopInInterval 20",
                "  DiscoveryAuthMethod None",
                "  MaxSessions 16",
                "  MaxConnections 4",
                "  MaxOutstandingR2T 16",
                "  FirstBurstLength 262144",
                "  MaxBurstLength 1048576",
                "  MaxRecvDataSegmentLength 262144",
                "  InitialR2T Yes",
                "  ImmediateData Yes",
                "[UnitControl]",
                "  AuthMethod None",
                "  AuthGroup None",
                "  Portal UC1 127.0.0.1:" + controlPort,
                "  Netmask 127.0.0.1",
                "[PortalGroup1]",
                "  Portal DA1 127.0.0.1:" + port,
                "[InitiatorGroup1]",
                "  InitiatorName \"ALL\"",
                "  Netmask 127.0.0.1",
                unit(1, OPEN, "AuthMethod None", "UseDigest Auto"),
                unit(2, CHAP, "AuthMethod CHAP Mutual", "AuthGroup AuthGroup1", "UseDigest Header Data"),
                "");
    }

    private String unit(int number, String target, String... settings) {
        return String.join(
                "\n  ",
                "[LogicalUnit" + number + "]",
                "TargetName " + target.substring(target.indexOf(':') + 1),
                "Mapping PortalGroup1 InitiatorGroup1",
                "UnitType Disk",
                "LUN0 Storage " + file(target) + " Auto",
                String.join("\n  ", settings));
    }

    /** Where a target's LUN keeps its bytes. */
    Path file(String target) {
        return directory.resolve(target.substring(target.indexOf(':') + 1) + ".img");
    }

    String url(String target) {
        return "iscsi://127.0.0.1:" + port + "/" + target + "/0";
    }

    /** The accounts of {@link #CHAP} as the environment variables that lunbridge takes. */
    static Map<String, String> credentials() {
        return Map.of(
                "LIBISCSI_CHAP_USERNAME", USER,
                "LIBISCSI_CHAP_PASSWORD", SECRET,
                "LIBISCSI_CHAP_TARGET_USERNAME", TARGET_USER,
                "LIBISCSI_CHAP_TARGET_PASSWORD", TARGET_SECRET);
    }

    /** What it has printed; it tells of each login. */
    String output() {
        return istgt.output();
    }

    @Override
    public void close() {
        istgt.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Processes::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
