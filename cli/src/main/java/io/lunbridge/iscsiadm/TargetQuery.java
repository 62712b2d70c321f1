package io.lunbridge.iscsiadm;

import io.lunbridge.daemon.Transport;
import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.discovery.DiscoveryOutcome;
import io.lunbridge.iscsi.discovery.SendTargets;
import io.lunbridge.iscsi.login.ChapAccount;
import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.ChapAuthentication;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.Timeouts;
import io.lunbridge.records.DiscoveryRecord;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks a portal for its targets, as a discovery record says (SendTargets). Loads Netty, so only who discovers uses it. */
final class TargetQuery {

    static final String RECORD = "discovery.sendtargets.";
    static final String LOGIN_SECONDS = RECORD + "timeo.login_timeout";
    private static final int SMALLEST_SEGMENT_BYTES = 512;

    private final Console console;
    private final DiscoveryRecord record;
    private final String initiatorName;
    private final QueryFailures failures;

    TargetQuery(Console console, DiscoveryRecord record, String initiatorName) {
        this.console = console;
        this.record = record;
        this.initiatorName = initiatorName;
        this.failures = new QueryFailures(console, record);
    }

    /**
     * Asks, and again every second while that may help, as often as the record says.
     *
     * @return the targets
     * @throws CommandEnd if there is no answer, of which the user was told why
     */
    List<DiscoveredTarget> ask() throws CommandEnd {
        InterruptSignal.take(console);
        failures.checkHostName();
        // What happens is told here, and in open-iscsi's words.
        System.setProperty("lunbridge.log.level", console.isDebugging() ? "DEBUG" : "OFF");
        int tries = Math.max(0, record.number(RECORD + "reopen_max")) + 1;
        try (Transport transport = Transport.open()) {
            for (int i = 0; i < tries; i++) {
                if (i > 0) {
                    TimeUnit.SECONDS.sleep(1);
                }
                List<DiscoveredTarget> targets = attempt(transport);
                if (targets != null) {
                    return targets;
                }
            }
        } catch (InterruptedException e) {
            throw new CommandEnd(ErrorCode.UNKNOWN);
        }
        console.error("connection login retries (reopen_max) " + (tries - 1) + " exceeded");
        throw failures.end(ErrorCode.PDU_TIMEOUT);
    }

    /** The targets; null if it may be tried again. */
    private @Nullable List<DiscoveredTarget> attempt(Transport transport) throws CommandEnd, InterruptedException {
        CompletableFuture<List<DiscoveredTarget>> answer = new CompletableFuture<>();
        try {
            SendTargets.ask(
                    new SessionConnector(transport.eventLoop(), transport.tcpChannel()), config(), new Outcome(answer));
            return answer.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            failures.judge(cause == null ? e : cause);
            return null;
        } catch (IllegalArgumentException e) {
            console.error(String.valueOf(e.getMessage()));
            throw failures.end(ErrorCode.INVAL);
        }
    }

    private SessionConfig config() {
        SessionConfig config = SessionConfig.discovery(
                new TargetAddress(record.address(), record.port(), TargetAddress.NO_TAG), initiatorName);
        int segmentBytes = record.number(RECORD + "iscsi.MaxRecvDataSegmentLength");
        var offer = segmentBytes < SMALLEST_SEGMENT_BYTES
                ? config.login().offer()
                : config.login().offer().with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, segmentBytes);
        LoginParameters login = config.login();
        return withChap(config.withTimeouts(timeouts(config.timeouts()))
                .withLogin(new LoginParameters(login.identity(), offer, login.authentication(), login.initialCmdSn())));
    }

    /** What is not more than 0 keeps its preset. */
    private Timeouts timeouts(Timeouts presets) {
        Timeouts timeouts = presets;
        int loginSeconds = record.number(LOGIN_SECONDS);
        if (loginSeconds > 0) {
            timeouts = timeouts.withOpenMillis((int) TimeUnit.SECONDS.toMillis(loginSeconds));
        }
        int answerSeconds = record.number(RECORD + "timeo.active_timeout");
        if (answerSeconds > 0) {
            timeouts = timeouts.withLadder(timeouts.ladder().withCommandSeconds(answerSeconds));
        }
        return timeouts;
    }

    private SessionConfig withChap(SessionConfig config) {
        ChapAccount own = account("username", "password");
        if (own == null) {
            return config;
        }
        ChapAuthentication chap =
                new ChapAuthentication(own, account("username_in", "password_in"), algorithms(), new SecureRandom());
        return config.withLogin(config.login().withAuthentication(chap));
    }

    private @Nullable ChapAccount account(String user, String password) {
        String name = record.value(RECORD + "auth." + user);
        return name.isEmpty()
                ? null
                : new ChapAccount(
                        name, record.value(RECORD + "auth." + password).getBytes(StandardCharsets.UTF_8));
    }

    private List<ChapAlgorithm> algorithms() {
        List<ChapAlgorithm> algorithms = new ArrayList<>();
        for (String name : record.value("node.session.auth.chap_algs").split(",", -1)) {
            if (!name.isBlank()) {
                algorithms.add(ChapAlgorithm.named(name.trim()));
            }
        }
        return algorithms.isEmpty() ? List.of(ChapAlgorithm.MD5) : algorithms;
    }

    private record Outcome(CompletableFuture<List<DiscoveredTarget>> answer) implements DiscoveryOutcome {

        @Override
        public void found(List<DiscoveredTarget> targets) {
            answer.complete(targets);
        }

        @Override
        public void failed(IscsiException cause) {
            answer.completeExceptionally(cause);
        }
    }
}
