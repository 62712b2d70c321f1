package io.lunbridge.commands;

import io.lunbridge.control.DaemonService;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Logging;
import io.lunbridge.daemon.PidFile;
import io.lunbridge.daemon.ProcessName;
import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.StopSignal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code iscsid}: the daemon by the name and the options of open-iscsi's (M-110), started by {@code scripts/iscsid}, which
 * reads the options as open-iscsi does, answers {@code -h} and {@code -v} itself and puts the rest into the background.
 */
@Command(name = "iscsid", hidden = true, description = "The daemon, as open-iscsi's iscsid.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class IscsidCommand implements Callable<Integer> {

    /** From this debug level of open-iscsi's on, everything is told. */
    private static final int EVERYTHING = 4;

    private static final int ALL = 2;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "PATH",
            description = "iscsid.conf")
    private @Nullable Path config;

    @Option(
            names = {"-i", "--initiatorname"},
            paramLabel = "PATH",
            description = "initiatorname.iscsi")
    private @Nullable Path initiatorName;

    @Option(
            names = {"-f", "--foreground"},
            description = "Stay in the foreground.")
    private boolean foreground;

    @Option(
            names = {"-d", "--debug"},
            paramLabel = "LEVEL",
            description = "Tell more.")
    private int debug;

    @Option(
            names = {"-u", "--uid"},
            paramLabel = "UID",
            description = "Taken and passed over: devices need root.")
    private @Nullable String uid;

    @Option(
            names = {"-g", "--gid"},
            paramLabel = "GID",
            description = "Taken and passed over: devices need root.")
    private @Nullable String gid;

    @Option(
            names = {"-n", "--no-pid-file"},
            description = "Write no pid file.")
    private boolean noPidFile;

    @Option(
            names = {"-p", "--pid"},
            paramLabel = "PATH",
            description = "Where to write the pid.")
    private @Nullable Path pid;

    @Override
    public Integer call() throws Exception {
        if (pid != null && (noPidFile || foreground)) {
            throw new CommandException(
                    ExitCode.FAILURE, "--pid goes neither with --no-pid-file nor with --foreground; leave it out");
        }
        Root root = Root.ofThisHost().with(config, initiatorName);
        Logging.start(debug >= EVERYTHING ? ALL : 1);
        ProcessName.set("iscsid");
        PidFile pidFile = noPidFile || foreground ? PidFile.none() : PidFile.write(pid == null ? root.pid() : pid);
        IscsidNews news = new IscsidNews(root);
        news.tellStart(foreground);
        news.tellMissing(config);
        if (uid != null || gid != null) {
            news.tellUser();
        }
        try {
            new DaemonService(root, System.getenv(), StopSignal.ofProcess(), true).run();
        } finally {
            pidFile.remove();
        }
        return ExitCode.OK.number();
    }
}
