package io.lunbridge.daemon;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The whole chain with nothing installed: target, session, NBD, and where there is a kernel with an nbd driver, a file
 * system on its device. Says in plain words what it does and how to do each step by hand. Blocking; leaves nothing.
 */
public final class Demo {

    private static final long DISK_BYTES = 64L << 20;
    private static final long DATA_BYTES = 32L << 20;
    private static final String TARGET_NAME = "iqn.2026-11.io.lunbridge:demo";
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final PrintWriter out;
    private final DemoKernel kernel;
    private int steps;

    /** Narrates to {@code out}. */
    public Demo(PrintWriter out, DemoKernel.Where where) {
        this.out = out;
        this.kernel = new DemoKernel(where);
        if (kernel.isGuest()) {
            // The guest's console is a terminal, but the demo outside reads it.
            Progress.never();
        }
    }

    /** Runs it. Whatever does not come back as it was written is an exception. */
    public void run() throws CommandException, InterruptedException {
        try (Transport targetTransport = Transport.open();
                TargetService target = TargetService.start(targetTransport, ANY_PORT, TARGET_NAME, DISK_BYTES);
                Transport transport = Transport.open()) {
            DiskRequest request = DiskRequest.whole(LunUrl.parse(target.url()), false);
            if (kernel.isGuest()) {
                onKernel(transport, request);
                return;
            }
            SelfTest.run(); // from a run of the demo the class archive is made: it shall know the ways of recovery too
            say(
                    "A target: an iSCSI target with a RAM disk of " + ByteSize.describe(DISK_BYTES)
                            + " listens in this process.",
                    "lunbridge target --ram 64M --iqn " + TARGET_NAME);
            overSocket(transport, request);
            onKernel(transport, request);
            out.println();
            out.println("Done: every byte came back as it was written.");
            out.flush();
        }
    }

    private void overSocket(Transport transport, DiskRequest request) throws CommandException, InterruptedException {
        Path directory = temporaryDirectory();
        Path socket = directory.resolve("demo.sock");
        try (DiskService disk = DiskService.open(transport, request);
                NbdService server = NbdService.listen(transport, new NbdEndpoint(socket, null), disk.export(""))) {
            say(
                    "A session: logged in to it over TCP, as to any target: LUN 0 is a disk of "
                            + disk.report().values().get("sizeBytes") + " bytes.",
                    "lunbridge info iscsi://127.0.0.1/" + TARGET_NAME + "/0");
            say(
                    "An NBD server: the LUN is served as " + server.uri() + " for now.",
                    "lunbridge serve iscsi://127.0.0.1/" + TARGET_NAME + "/0 --socket /tmp/demo.sock");
            new DemoData(DATA_BYTES).roundTrip(UnixDomainSocketAddress.of(socket));
            say(
                    "Data: wrote " + ByteSize.describe(DATA_BYTES)
                            + " of random bytes through NBD, flushed, read them back, compared: identical.",
                    "qemu-io -f raw -c 'write -P 7 0 32M' -c 'read -P 7 0 32M' 'nbd+unix:///?socket=/tmp/demo.sock'");
        } finally {
            delete(directory);
        }
    }

    private void onKernel(Transport transport, DiskRequest request) throws CommandException, InterruptedException {
        DemoKernel.Outcome outcome;
        try (Progress progress = Progress.onStandardError()) {
            progress.step("looking for a kernel with an nbd driver, and trying it (up to half a minute)");
            outcome = kernel.run(transport, request);
        }
        say(outcome.told(), outcome.byHand());
    }

    private void say(String what, String byHand) {
        if (kernel.isGuest()) {
            out.println(what);
        } else {
            out.println(++steps + ". " + what);
            out.println("     by hand:  " + byHand);
        }
        out.flush();
    }

    private static Path temporaryDirectory() throws CommandException {
        try {
            return Files.createTempDirectory("lunbridge-demo-");
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "no temporary directory: " + e.getMessage(), e);
        }
    }

    private static void delete(Path directory) throws CommandException {
        try {
            Files.delete(directory);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "something was left in " + directory, e);
        }
    }
}
