package io.lunbridge.daemon;

import io.lunbridge.nbd.kernel.KernelException;

/** The one table from what the kernel refused to what the user is told and the exit code. */
public final class KernelFailures {

    private KernelFailures() {}

    public static CommandException of(KernelException e) {
        ExitCode exitCode = switch (e.kind()) {
            case NOT_PERMITTED -> ExitCode.NOT_PERMITTED;
            case NO_DRIVER, WRONG_NETWORK_NAMESPACE -> ExitCode.NO_KERNEL_NBD;
            case DEVICE_BUSY, IN_USE, OTHER_DISK, STILL_SERVED -> ExitCode.BUSY;
            case BAD_DEVICE -> ExitCode.USAGE;
            case NOT_ATTACHED, UNSUPPORTED, NOT_USABLE, SYSTEM -> ExitCode.FAILURE;
        };
        return new CommandException(exitCode, String.valueOf(e.getMessage()), e);
    }
}
