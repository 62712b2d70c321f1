package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A tgtd of a test's own on the loopback interface, with one target that anybody may log in to. Its LUNs start at 1:
 * LUN 0 is tgt's controller.
 *
 * <p>It shares nothing with a tgtd that the machine may run already: the iSCSI port, the control socket and all files
 * are its own. {@link #close()} kills exactly this process (tgtd refuses SIGTERM while it has targets) and deletes
 * the files.
 */
public final class TgtTarget implements AutoCloseable {

    public static final String IQN = "iqn.2026-11.io.lunbridge:tgt";

    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(20);
    private static final String TID = "1";

    private final Path directory;
    private final int port;
    private final TestNetwork network;
    private final List<List<String>> settings = new ArrayList<>();
    private BackgroundProcess tgtd;
    private int lastLun;

    private TgtTarget(Path directory, int port, TestNetwork network) {
        this.directory = directory;
        this.port = port;
        this.network = network;
        this.tgtd = launch();
    }

    /** Starts a tgtd in a temporary directory and creates the target {@link #IQN} in it, without LUNs. */
    public static TgtTarget start() {
        return start(TestNetwork.LOOPBACK);
    }

    /** The same at that network's address of a target. */
    static TgtTarget start(TestNetwork network) {
        try {
            TgtTarget target = new TgtTarget(Files.createTempDirectory("lunbridge-tgt-"), FreePort.next(), network);
            target.createTarget();
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BackgroundProcess launch() {
        List<String> command = new ArrayList<>(network.atTarget());
        String portal = "portal=" + network.targetAddress() + ":" + port;
        command.addAll(List.of("tgtd", "-f", "-C", controlPort(), "--iscsi", portal));
        return BackgroundProcess.start(environment(), command);
    }

    private void createTarget() {
        awaitStart();
        admin("--mode", "target", "--op", "new", "--tid", TID, "--targetname", IQN);
        admin("--mode", "target", "--op", "bind", "--tid", TID, "--initiator-address", "ALL");
    }

    private void awaitStart() {
        Waiting.until(START_LIMIT, this::answers, () -> "tgtd does not answer: " + tgtd.output());
    }

    private boolean answers() {
        if (!tgtd.isAlive()) {
            throw new AssertionError("tgtd ended: " + tgtd.output());
        }
        return Files.exists(directory.resolve("ipc." + controlPort()))
                && adminOutcome("--mode", "sys", "--op", "show").exitStatus() == 0;
    }

    /** A LUN on a new sparse file of zeroes. */
    public int addFileLun(long sizeBytes) {
        return addLun(newFile(sizeBytes), "rdwr");
    }

    /** A LUN on a file that exists, with tgt's backing store {@code type}: {@code rdwr}, {@code aio}, … */
    public int addLun(Path file, String type) {
        int lun = ++lastLun;
        addLunAt(lun, file, type);
        return lun;
    }

    /** A file LUN that says it is thinly provisioned and takes UNMAP. */
    public int addThinLun(long sizeBytes) {
        int lun = addFileLun(sizeBytes);
        update(lun, "thin_provisioning=1");
        return lun;
    }

    /** A write-protected LUN of zeroes. */
    public int addReadOnlyLun(long sizeBytes) {
        int lun = addFileLun(sizeBytes);
        update(lun, "readonly=1");
        return lun;
    }

    /** A LUN of 1 TiB that stores nothing: tgt answers without touching any medium. */
    public int addNullLun() {
        return addLun(Path.of("/dev/null"), "null");
    }

    /** Changes a LUN's parameters, as {@code thin_provisioning=1}. */
    public void update(int lun, String parameters) {
        admin(
                "--mode",
                "logicalunit",
                "--op",
                "update",
                "--tid",
                TID,
                "--lun",
                Integer.toString(lun),
                "--params",
                parameters);
    }

    /** Changes one of the target's parameters, as {@code HeaderDigest} to {@code CRC32C,None}. */
    public void updateTarget(String name, String value) {
        admin("--mode", "target", "--op", "update", "--tid", TID, "--name", name, "--value", value);
    }

    /** Takes a LUN away from those who use it, between two of its commands. Its file stays. */
    public void removeLun(int lun) {
        String[] arguments = {"--mode", "logicalunit", "--op", "delete", "--tid", TID, "--lun", Integer.toString(lun)};
        Waiting.until(
                ADMIN_LIMIT, () -> adminOutcome(arguments).exitStatus() == 0, () -> "LUN " + lun + " is always busy");
        settings.add(List.of(arguments));
    }

    /** Puts a file's LUN at this number. */
    public void addLunAt(int lun, Path file, String type) {
        admin(
                "--mode",
                "logicalunit",
                "--op",
                "new",
                "--tid",
                TID,
                "--lun",
                Integer.toString(lun),
                "--backing-store",
                file.toString(),
                "--bstype",
                type);
    }

    /** Runs tgtadm on this tgtd, with {@code --lld iscsi}, and returns what it printed. */
    public String admin(String... arguments) {
        String output = adminOutcome(arguments).orFail().output();
        if (!List.of(arguments).contains("show")) {
            settings.add(List.of(arguments));
        }
        return output;
    }

    private Processes.Outcome adminOutcome(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tgtadm", "-C", controlPort(), "--lld", "iscsi"));
        command.addAll(List.of(arguments));
        return Processes.outcome(ADMIN_LIMIT, environment(), command);
    }

    private Map<String, String> environment() {
        return Map.of("TGT_IPC_SOCKET", directory.resolve("ipc").toString());
    }

    /** Names the control socket only; the number need not be a port. */
    private String controlPort() {
        return Integer.toString(port % 32768);
    }

    /** A new sparse file in this target's directory, which goes with the target. */
    public Path newFile(long sizeBytes) {
        try {
            Path file = Files.createTempFile(directory, "lun-", ".img");
            Processes.run("truncate", "-s", Long.toString(sizeBytes), file.toString());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url(int lun) {
        return "iscsi://127.0.0.1:" + port + "/" + IQN + "/" + lun;
    }

    /**
     * A node record of this target, for one attempt to log in.
     *
     * @param more keys, each with its value after it
     */
    Map<String, String> record(String... more) {
        Map<String, String> record = new HashMap<>(Map.of(
                "node.name",
                IQN,
                "node.tpgt",
                "1",
                "node.conn[0].address",
                network.targetAddress(),
                "node.conn[0].port",
                String.valueOf(port),
                "node.session.initial_login_retry_max",
                "0",
                "node.conn[0].timeo.login_timeout",
                "5"));
        for (int i = 0; i < more.length; i += 2) {
            record.put(more[i], more[i + 1]);
        }
        return record;
    }

    public int port() {
        return port;
    }

    /** How many sessions are logged in. */
    public long sessionCount() {
        return admin("--mode", "target", "--op", "show")
                .lines()
                .filter(line -> line.contains("I_T nexus:"))
                .count();
    }

    public long pid() {
        return tgtd.pid();
    }

    /** Freezes the target: its connections stay open and nothing answers. */
    public void stop() {
        tgtd.signal("STOP");
    }

    /** Ends {@link #stop()}. */
    public void resume() {
        tgtd.signal("CONT");
    }

    /** Ends the target process at once, as a power failure does. */
    public void kill() {
        tgtd.kill();
    }

    /** After {@link #kill}: starts it again, on the same port and with all the settings made so far. */
    public void restart() {
        tgtd.close();
        Processes.delete(directory.resolve("ipc." + controlPort()));
        Processes.delete(directory.resolve("ipc." + controlPort() + ".lock"));
        tgtd = launch();
        awaitStart();
        settings.forEach(
                arguments -> adminOutcome(arguments.toArray(String[]::new)).orFail());
    }

    @Override
    public void close() {
        tgtd.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(Processes::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
