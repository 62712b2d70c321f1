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
import io.lunbridge.iscsi.session.SessionException;
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

    private static final String RECORD = "discovery.sendtargets.";
    private static final int SMALLEST_SEGMENT_BYTES = 512;

    private final Console console;
    private final DiscoveryRecord record;
    private final String initiatorName;

    TargetQuery(Console console, DiscoveryRecord record, String initiatorName) {
        this.console = console;
        this.record = record;
        this.initiatorName = initiatorName;
    }

    /**
     * Asks, and again every second while nobody answers, as often as the record says.
     *
     * @return the targets; none if the portal's name means nothing
     * @throws CommandEnd if there is no answer, of which the user was told why
     */
    List<DiscoveredTarget> ask() throws CommandEnd {
        // What happens is told here, and in open-iscsi's words.
        System.setProperty("lunbridge.log.level", "OFF");
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
        throw failure(ErrorCode.PDU_TIMEOUT);
    }

    /** The targets; null if it may be tried again. */
    private @Nullable List<DiscoveredTarget> attempt(Transport transport) throws CommandEnd, InterruptedException {
        CompletableFuture<List<DiscoveredTarget>> answer = new CompletableFuture<>();
        try {
            SendTargets.ask(
                    new SessionConnector(transport.eventLoop(), transport.tcpChannel()), config(), new Outcome(answer));
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SessionException known) {
                return judge(known);
            }
            throw failure(ErrorCode.TRANS);
        } catch (IllegalArgumentException e) {
            console.error(String.valueOf(e.getMessage()));
            throw failure(ErrorCode.INVAL);
        }
    }

    /** Some failures pass, one is no failure to open-iscsi, and the rest ends the discovery. */
    private @Nullable List<DiscoveredTarget> judge(SessionException cause) throws CommandEnd {
        String host = record.address();
        switch (cause.kind()) {
            case CONNECTION_REFUSED -> console.error("cannot make connection to " + host + ": Connection refused");
            case UNREACHABLE -> console.error("cannot make connection to " + host + ": " + reason(cause));
            case TIMEOUT -> console.error("connect to " + host + " timed out");
            case LOGIN_TIMEOUT -> console.error("Discovery login session timed out.");
            case CONNECTION_LOST -> console.error("retrying discovery login to " + host);
            case TARGET_UNAVAILABLE -> console.error("discovery login to " + host + " rejected: target error (03/01)");
            case UNKNOWN_HOST -> {
                console.error("cannot resolve host name " + host);
                return List.of();
            }
            case AUTHENTICATION, NOT_ALLOWED -> {
                console.error("discovery login to " + host + " rejected: initiator failed authorization");
                throw failure(ErrorCode.LOGIN_AUTH_FAILED);
            }
            case TARGET_NOT_FOUND -> {
                console.error(
                        "discovery login to " + host + " rejected: initiator error (02/03), non-retryable, giving up");
                throw failure(ErrorCode.FATAL_LOGIN);
            }
            case PROTOCOL, OVERLOADED, CLOSED, MOVED -> {
                console.error("discovery login to " + host + " failed: " + cause.getMessage());
                throw failure(ErrorCode.LOGIN);
            }
        }
        return null;
    }

    private static String reason(SessionException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No route to host") ? "No route to host" : "Network is unreachable";
    }

    private CommandEnd failure(ErrorCode error) {
        console.error("Could not perform SendTargets discovery: " + error.text());
        return new CommandEnd(error);
    }

    private SessionConfig config() {
        SessionConfig config = SessionConfig.discovery(
                new TargetAddress(record.address(), record.port(), TargetAddress.NO_TAG), initiatorName);
        int segmentBytes = record.number(RECORD + "iscsi.MaxRecvDataSegmentLength");
        var offer = segmentBytes < SMALLEST_SEGMENT_BYTES
                ? config.login().offer()
                : config.login().offer().with(Key.MAX_RECV_DATA_SEGMENT_LENGTH, segmentBytes);
        int loginSeconds = record.number(RECORD + "timeo.login_timeout");
        SessionConfig patient = loginSeconds < 1
                ? config
                : config.withTimeouts(config.timeouts().withOpenMillis((int) TimeUnit.SECONDS.toMillis(loginSeconds)));
        LoginParameters login = patient.login();
        return withChap(patient.withLogin(
                new LoginParameters(login.identity(), offer, login.authentication(), login.initialCmdSn())));
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
