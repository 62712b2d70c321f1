package io.lunbridge.iscsiadm;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts the daemon where it does not run: by a knock at the socket by which systemd holds it ready (M-112), else by the
 * command that {@code iscsid.startup} of iscsid.conf names, which may be one that makes that socket.
 */
final class DaemonStart {

    private static final long STARTUP_SECONDS = 30;
    private static final long POLL_MILLIS = 20;

    /** Of a command, which has mostly waited for the daemon itself. */
    private static final int MAX_POLLS = 250;

    /** Of systemd, which answers before it starts anything. */
    private static final int MAX_POLLS_AFTER_KNOCK = 1500;

    private final Context context;

    DaemonStart(Context context) {
        this.context = context;
    }

    /** Whether there is a daemon now; if not, the user was told how there could be one. */
    boolean start() {
        if (context.daemon().knock() && listens(MAX_POLLS_AFTER_KNOCK)) {
            return true;
        }
        String command = context.database().configuration().setting("iscsid.startup");
        if (command != null
                && isRun(command)
                && listens(context.daemon().knock() ? MAX_POLLS_AFTER_KNOCK : MAX_POLLS)) {
            return true;
        }
        context.console()
                .error("iscsid is not running. Could not start it up automatically using the startup command in"
                        + " the iscsid.conf iscsid.startup setting. Please check that the file exists or that your init"
                        + " scripts have started iscsid.");
        return false;
    }

    private boolean isRun(@Nullable String command) {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", String.valueOf(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(STARTUP_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** A command may end before the daemon that it started listens. */
    private boolean listens(int maxPolls) {
        for (int i = 0; i < maxPolls; i++) {
            if (context.daemon().isThere()) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                return false;
            }
        }
        return false;
    }
}
