package io.lunbridge.daemon;

import java.io.IOException;

/**
 * The one table from why nobody can listen somewhere to what the user is told. Netty wraps errno into different
 * exceptions per transport; the system's own words are in all of them.
 */
final class ListenFailures {

    private ListenFailures() {}

    static CommandException of(String place, IOException e) {
        String reason = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        String what = "cannot listen on " + place + ": ";
        if (reason.contains("in use")) {
            return new CommandException(ExitCode.BUSY, what + "it is in use; choose another port", e);
        }
        if (reason.contains("denied")) {
            return new CommandException(ExitCode.NOT_PERMITTED, what + "permission denied; choose another place", e);
        }
        if (reason.contains("assign requested address")) {
            return new CommandException(ExitCode.FAILURE, what + "this machine has no such address; choose its own", e);
        }
        return new CommandException(ExitCode.FAILURE, what + reason + "; choose another place", e);
    }
}
