package io.lunbridge.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.interop.Processes.Outcome;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What runs in a guest of its own and prints {@link Tap} lines; in the order in which they begin: those that take long
 * before others, and those before all that can do with the little time which the tests beside them leave.
 *
 * <p>In a smoke run ({@code LUNBRIDGE_KERNEL=smoke}, the second JDK of {@code scripts/test})
 * each makes its first {@value GuestChecks#SMOKE_CHECKS} checks only, which are an attach, a file system, and its detach.
 * With {@code LUNBRIDGE_KERNEL=lun}, as {@code scripts/test --with} has it, there are those only that verify what they
 * write to LUNs of targets; with {@code none} there is none.
 */
enum GuestProgram {
    /** Sessions by iscsiadm: Debian's with the kernel's initiator, then ours. */
    ISCSIADM {
        @Override
        List<String> commands() {
            return List.of("LUNBRIDGE_ISCSIADM='" + Guest.iscsiadm() + "' LUNBRIDGE_MANY_ISCSIADM='"
                    + Guest.java(ManyIscsiadm.class) + "' " + script("iscsiadm-sessions.sh"));
        }
    },
    /** The daemon is killed between its steps. */
    CRASH_POINTS {
        @Override
        List<String> commands() {
            return List.of(script("crash-points.sh"));
        }
    },
    /** A disk of a host that has no memory but what it gets by writing to the disk. */
    MEMORY_PRESSURE {
        @Override
        List<String> commands() {
            return List.of(script("memory-pressure.sh"));
        }

        @Override
        String memory() {
            return "4G";
        }
    },
    /** The daemon and targets are killed under file systems. */
    SURVIVAL {
        @Override
        List<String> commands() {
            return List.of(script("survival.sh"));
        }
    },
    /** A Debian with a file system of ours in fstab. */
    DEBIAN {
        @Override
        List<String> commands() {
            return List.of("boot", "reboot");
        }

        @Override
        boolean isDebian() {
            return true;
        }
    },
    /** LUNs that grow, shrink, are write-protected, go and return under a device. */
    DEVICE_CHANGES {
        @Override
        List<String> commands() {
            return List.of(script("device-changes.sh"));
        }
    },
    /** Two paths to one LUN. */
    MULTIPATH {
        @Override
        List<String> commands() {
            return List.of(script("multipath.sh"));
        }
    },
    /** The same, found and looked after by multipathd. */
    MULTIPATHD {
        @Override
        List<String> commands() {
            return List.of(withScripts("multipathd.sh"));
        }
    },
    /** A Debian whose target is down. */
    DEBIAN_ALONE {
        @Override
        List<String> commands() {
            return List.of("target-down");
        }

        @Override
        boolean isDebian() {
            return true;
        }
    },
    /** tgt's LUNs as kernel devices by the command line. */
    COMMAND_LINE {
        @Override
        List<String> commands() {
            return List.of(script("attach-a-lun.sh"));
        }

        @Override
        boolean isForSmoke() {
            return true;
        }
    },
    /** The daemon by its commands and its control socket. */
    DAEMON_CONTROL {
        @Override
        List<String> commands() {
            return List.of(script("daemon-control.sh"));
        }

        @Override
        boolean isForSmoke() {
            return true;
        }
    },
    /** The sessions of iscsid by its control socket. */
    NODE_SESSIONS {
        @Override
        List<String> commands() {
            return List.of("LUNBRIDGE_ISCSIADM='" + Guest.iscsiadm() + "' " + script("node-sessions.sh"));
        }
    },
    /** The library's kernel attach, with disks in memory. */
    LIBRARY {
        @Override
        List<String> commands() {
            return GuestChecks.SMOKE
                    ? List.of(Guest.java(GuestAttachChecks.class))
                    : List.of(
                            Guest.java(GuestAttachChecks.class),
                            Guest.java(GuestFailureChecks.class),
                            "unshare -n " + Guest.java(GuestNamespaceChecks.class));
        }

        @Override
        boolean isForSmoke() {
            return true;
        }
    },
    /** The life of a kernel connection: deaths, breaks, takeovers. */
    LIFE {
        @Override
        List<String> commands() {
            return List.of(Guest.java(GuestLifeChecks.class));
        }
    },
    /** The kernel's own target. */
    LIO {
        @Override
        List<String> commands() {
            return List.of(script("lio.sh"));
        }
    },
    /** Our devices beside those of the kernel's own initiator, for the same LUNs. */
    QUEUE_LIMITS {
        @Override
        List<String> commands() {
            return List.of(script("queue-limits.sh"));
        }
    },
    /** Links under /dev/disk, where no udev runs. */
    NAMES {
        @Override
        List<String> commands() {
            return List.of(script("names.sh"));
        }
    },
    /** The same under udev, beside the kernel initiator's disk. */
    NAMES_UDEV {
        @Override
        List<String> commands() {
            return List.of(withScripts("names-udev.sh"));
        }
    };

    private static final Set<GuestProgram> LUNS =
            EnumSet.of(CRASH_POINTS, SURVIVAL, DEVICE_CHANGES, MULTIPATH, MULTIPATHD, COMMAND_LINE, LIO);

    /** Lines for the shell, each a program that prints {@link Tap} lines; or the stories of a Debian, which do so too. */
    abstract List<String> commands();

    /** The checks, as tests. */
    Stream<DynamicTest> checks() throws Exception {
        assumeTrue(isWanted(), "not part of this run");
        Outcome outcome = outcome();
        // What is left of a Debian is looked at by one more.
        int programs = commands().size() + (isDebian() ? 1 : 0);
        return Tap.tests(programs, outcome.exitStatus(), outcome.output());
    }

    /** What the guest has of it. */
    String memory() {
        return "1536M";
    }

    /** Whether it has a system of its own rather than this host's. */
    boolean isDebian() {
        return false;
    }

    /** Whether a smoke run has it. */
    boolean isForSmoke() {
        return false;
    }

    /** How the guest ended; boots it where that is still to be done. */
    Outcome outcome() throws InterruptedException {
        return Guests.outcome(this);
    }

    /** Runs it in a guest, to its end. */
    Outcome run() {
        return isDebian() ? DebianGuest.run(commands()) : Guest.run(memory(), commands());
    }

    /** Whether it is part of this run of the tests. */
    boolean isWanted() {
        return switch (Objects.requireNonNullElse(System.getenv("LUNBRIDGE_KERNEL"), "all")) {
            case "none" -> false;
            case "smoke" -> isForSmoke();
            case "lun" -> LUNS.contains(this);
            default -> true;
        };
    }

    private static String script(String name) {
        return "bash " + resource(name) + " " + Guest.lunbridge();
    }

    /** One that takes files from the checkout's scripts too. */
    private static String withScripts(String name) {
        return "LUNBRIDGE_SCRIPTS=" + Guest.checkout().resolve("scripts") + " " + script(name);
    }

    static Path resource(String name) {
        URL resource = Objects.requireNonNull(GuestProgram.class.getResource(name), name);
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
