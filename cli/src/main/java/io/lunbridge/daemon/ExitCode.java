package io.lunbridge.daemon;

/** What the process tells its caller. Numbers are part of the interface: add, never renumber. */
public enum ExitCode {
    OK(0, "done"),
    FAILURE(1, "anything without a number of its own"),
    USAGE(2, "the command line is wrong"),
    UNREACHABLE(3, "nobody answers at the address, or the connection broke"),
    LOGIN_REFUSED(4, "the target refused the login"),
    NO_SUCH_TARGET(5, "the portal does not know the target name"),
    NO_SUCH_LUN(6, "the target has no such LUN"),
    NOT_A_DISK(7, "the LUN is there but is no disk"),
    OUT_OF_RANGE(8, "--offset and --length do not fit the LUN"),
    BUSY(9, "the device, the socket path or the port is in use"),
    NO_KERNEL_NBD(10, "this kernel has no nbd driver"),
    NOT_PERMITTED(11, "the user may not do this");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** A phrase for the help text. */
    public String meaning() {
        return meaning;
    }
}
