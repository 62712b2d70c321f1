package io.lunbridge.iscsiadm;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Starts the daemon by the command that {@code iscsid.startup} of iscsid.conf names, where it does not run. */
final class DaemonStart {

    private static final long STARTUP_SECONDS = 30;
    private static final long POLL_MILLIS = 20;
    private static final int MAX_POLLS = 250;

    private final Context context;

    DaemonStart(Context context) {
        this.context = context;
    }

    /** Whether there is a daemon now; if not, the user was told how there could be one. */
    boolean start() {
        String command = context.database().configuration().setting("iscsid.startup");
        if (command != null && isRun(command) && listens()) {
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
    private boolean listens() {
        for (int i = 0; i < MAX_POLLS; i++) {
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
