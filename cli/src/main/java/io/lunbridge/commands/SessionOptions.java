package io.lunbridge.commands;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.Timeouts;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a served disk deals with its target. The defaults are the kernel initiator's. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SessionOptions {

    @Mixin
    private DigestOptions digests;

    @Mixin
    private ChapOptions chap;

    @Option(
            names = "--replacement-timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = {
                "How long requests wait for a lost session to return before they fail (${DEFAULT-VALUE}).",
                "0: not at all; negative: for ever. The attempts to return go on in any case."
            })
    private int replacementSeconds;

    @Option(
            names = "--multipath",
            description = "Fail requests that are on the wire as soon as the session is lost, for a multipath layer"
                    + " above has another path; combine with a short --replacement-timeout.")
    private boolean multipath;

    @Option(
            names = "--trust-target-cache",
            description = "A lost session does not mean lost data, even where the LUN has a volatile write cache: do"
                    + " not fail the next flush.")
    private boolean trustTargetCache;

    @Option(
            names = "--noop-interval",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Silence after which the target is pinged (${DEFAULT-VALUE}); 0: never.")
    private int pingIntervalSeconds;

    @Option(
            names = "--noop-timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Further silence after which the session is given up (${DEFAULT-VALUE}); 0: never.")
    private int pingTimeoutSeconds;

    @Option(
            names = "--command-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Time without progress after which a command is aborted (${DEFAULT-VALUE}).")
    private int commandSeconds;

    @Option(
            names = "--recheck-interval",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = {
                "How often the LUN is asked whether it is still the same one, how large it is, and whether it may be",
                "written (${DEFAULT-VALUE}), for many targets tell nobody when that changes. 0: never."
            })
    private int recheckSeconds;

    SessionSettings settings() throws CommandException {
        require(pingIntervalSeconds >= 0, "--noop-interval must be 0 or more");
        require(pingTimeoutSeconds >= 0, "--noop-timeout must be 0 or more");
        require(commandSeconds >= 1, "--command-timeout must be 1 or more");
        require(recheckSeconds >= 0, "--recheck-interval must be 0 or more");
        boolean pings = pingIntervalSeconds > 0 && pingTimeoutSeconds > 0;
        Timeouts timeouts = Timeouts.DEFAULT
                .withPings(pings ? pingIntervalSeconds : 0, pingTimeoutSeconds)
                .withLadder(Timeouts.Ladder.DEFAULT.withCommandSeconds(commandSeconds));
        RecoveryPolicy recovery =
                new RecoveryPolicy(replacementSeconds, !multipath, trustTargetCache, recheckSeconds, 0);
        return new SessionSettings(recovery, timeouts, digests.settings(), chap.settings(), true);
    }

    private static void require(boolean good, String what) throws CommandException {
        if (!good) {
            throw new CommandException(ExitCode.USAGE, what);
        }
    }
}
