package io.lunbridge.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The demo's last step: a device of a kernel, of this one if it can, else of a User Mode Linux guest, else none. */
public final class DemoKernel {

    /** Which kernel may be tried. */
    public enum Where {
        /** The best that there is. */
        BEST,
        /** None. */
        NOWHERE,
        /** This one or fail: we run in the guest that the demo has started. */
        GUEST
    }

    /**
     * What came of it.
     *
     * @param told a sentence
     * @param byHand how to do it without the demo
     */
    record Outcome(String told, String byHand) {}

    private static final long MAX_GUEST_SECONDS = 50;
    private static final String BY_HAND = "lunbridge attach URL & mkfs.ext4 /dev/nbd0; mount /dev/nbd0 /mnt; …;"
            + " umount /mnt; lunbridge detach /dev/nbd0";
    private static final String IN_GUEST =
            "scripts/uml bash  (a guest with a kernel of its own), and in it: " + BY_HAND;

    private final Where where;

    DemoKernel(Where where) {
        this.where = where;
    }

    boolean isGuest() {
        return where == Where.GUEST;
    }

    Outcome run(Transport transport, DiskRequest request) throws CommandException, InterruptedException {
        if (where == Where.NOWHERE) {
            return new Outcome("A kernel's device: left out, as you wished.", BY_HAND);
        }
        if (!Program.exists("mkfs.ext4")) {
            return new Outcome("A kernel's device: left out, as mkfs.ext4 is missing (package e2fsprogs).", BY_HAND);
        }
        try {
            return new Outcome(attach(transport, request), BY_HAND);
        } catch (CommandException e) {
            boolean impossible = e.exitCode() == ExitCode.NO_KERNEL_NBD || e.exitCode() == ExitCode.NOT_PERMITTED;
            if (isGuest() || !impossible) {
                throw e;
            }
            return elsewhere(e.exitCode());
        }
    }

    private static String attach(Transport transport, DiskRequest request)
            throws CommandException, InterruptedException {
        try (DiskService disk = DiskService.open(transport, request);
                KernelService device = KernelService.attach(null, disk.kernelExport(), request.identifier())) {
            new DemoFileSystem(device.device()).roundTrip();
            return "A kernel's device: attached the LUN as " + device.device()
                    + ", made an ext4 file system, mounted it,"
                    + " wrote 8 MiB, unmounted; fsck is clean; mounted again: the same bytes.";
        }
    }

    private Outcome elsewhere(ExitCode why) throws CommandException, InterruptedException {
        String because = why == ExitCode.NOT_PERMITTED
                ? "a kernel's device needs root (sudo scripts/demo)"
                : "this kernel has no nbd driver";
        Optional<Path> guest = guestScript();
        if (why == ExitCode.NOT_PERMITTED || guest.isEmpty() || !Program.exists("linux.uml")) {
            String advice = why == ExitCode.NOT_PERMITTED
                    ? ""
                    : ", and User Mode Linux is not installed (apt-get install user-mode-linux kmod)";
            return new Outcome("A kernel's device: left out, as " + because + advice + ".", BY_HAND);
        }
        Path script = guest.get();
        String launcher = script.resolveSibling("lunbridge").toString();
        String told = Program.run(
                TimeUnit.SECONDS.toMillis(MAX_GUEST_SECONDS + 5),
                script.toString(),
                "--seconds",
                Long.toString(MAX_GUEST_SECONDS),
                "--",
                launcher,
                "demo",
                "--kernel",
                "guest");
        return new Outcome(
                "As " + because + ", a User Mode Linux guest was booted that has one, and all of this was done in it"
                        + " again. " + told.strip(),
                IN_GUEST);
    }

    private static Optional<Path> guestScript() {
        return Optional.ofNullable(System.getProperty("lunbridge.home"))
                .map(home -> Path.of(home, "scripts", "uml"))
                .filter(Files::isExecutable);
    }
}
