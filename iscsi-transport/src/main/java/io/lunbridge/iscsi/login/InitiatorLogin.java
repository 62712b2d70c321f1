package io.lunbridge.iscsi.login;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyNegotiation;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.negotiation.TextInput;
import io.lunbridge.iscsi.negotiation.TextOutput;
import io.lunbridge.iscsi.pdu.LoginRequest;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LoginStage;
import io.lunbridge.iscsi.pdu.LoginStatus;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One login of the initiator, from the first request to its outcome. Always passes the security stage, also without
 * authentication: some targets take names in no other.
 *
 * <pre>
 *  START ──start()──► SECURITY ──T, NSG=1──► OPERATIONAL ──T, NSG=3──► FULL_FEATURE_PHASE
 *                        └── status, protocol error, time ──► ENDED ◄── (from OPERATIONAL too)
 * </pre>
 *
 * <p>Used once, on the connection's event loop. Time is the caller's: it waits as long as it likes and then asks {@link
 * #timedOut()} what to report.
 */
public final class InitiatorLogin {

    /** The MaxRecvDataSegmentLength that holds during login on either side. */
    public static final int MAX_DATA_SEGMENT_BYTES = 8192;

    /** Responses after which a login that makes no end is given up; the standard asks for six at least. */
    static final int MAX_EXCHANGES = 64;

    private static final int INITIATOR_TASK_TAG = 0;

    /** Keys that belong to a method of authentication. */
    private static final Pattern METHOD_KEYS = Pattern.compile("(?:CHAP|KRB|SRP)_");

    private final LoginParameters parameters;
    private final LoginIdentity identity;
    private final Authenticator authenticator;
    private final KeyNegotiation keys;
    private final TextInput input = new TextInput();
    private final TextOutput output = new TextOutput();
    private final LoginRequest request = new LoginRequest();

    private LoginState state = LoginState.START;
    private int exchanges;
    private int expStatSn;
    private boolean askedToTransit;
    private Authenticator.@Nullable Factory secondTry;

    public InitiatorLogin(LoginParameters parameters) {
        this.parameters = parameters;
        identity = parameters.identity();
        authenticator = parameters.authentication().newAuthenticator();
        keys = KeyNegotiation.ofInitiator(parameters.offer(), identity.discovery());
    }

    /** Sends the first request. */
    public void start(PduWriter out) {
        state = state.transition(LoginState.SECURITY);
        List<KeyValue> first = new ArrayList<>();
        first.add(KeyValue.of(Key.INITIATOR_NAME, identity.initiatorName()));
        String targetName = identity.targetName();
        if (targetName == null) {
            first.add(KeyValue.of(Key.SESSION_TYPE, "Discovery"));
        } else {
            first.add(KeyValue.of(Key.SESSION_TYPE, "Normal"));
            first.add(KeyValue.of(Key.TARGET_NAME, targetName));
        }
        first.add(KeyValue.of(Key.AUTH_METHOD, authenticator.methods()));
        output.add(first);
        send(out);
    }

    /**
     * Takes a response; sends the next request if there is one to send.
     *
     * @param data the response's data segment, borrowed
     * @return the outcome, or null as long as the login goes on
     */
    public @Nullable LoginOutcome receive(LoginResponse response, ByteBuf data, PduWriter out) {
        if (state == LoginState.START || state.isOver()) {
            return fail("a Login Response at a time when none can be");
        }
        try {
            LoginOutcome outcome = response.status() == LoginStatus.SUCCESS.code()
                    ? proceed(response, data, out)
                    : ended(response.status(), data);
            if (outcome != null && !state.isOver()) {
                state = state.transition(LoginState.ENDED);
            }
            return outcome;
        } catch (NegotiationException e) {
            return fail(String.valueOf(e.getMessage()));
        } catch (AuthenticationFailure e) {
            return end(new LoginOutcome.NotAuthenticated(String.valueOf(e.getMessage())));
        }
    }

    /** With what to log in again, once, on a new connection, as it may then succeed; null if there is nothing. */
    public @Nullable LoginParameters secondTry() {
        return secondTry == null ? null : parameters.withAuthentication(secondTry);
    }

    /** The outcome to report if the target has taken too long. */
    public LoginOutcome timedOut() {
        return fail("the target did not answer in the stage " + state);
    }

    private LoginOutcome fail(String reason) {
        return end(new LoginOutcome.Failed(reason));
    }

    private LoginOutcome end(LoginOutcome outcome) {
        if (!state.isOver()) {
            state = state.transition(LoginState.ENDED);
        }
        return outcome;
    }

    private @Nullable LoginOutcome proceed(LoginResponse response, ByteBuf data, PduWriter out)
            throws NegotiationException, AuthenticationFailure {
        checkHeader(response);
        input.add(data);
        if (response.continueBit()) {
            requireThat(!response.finalBit(), "C and T are both set");
            sendEmpty(out);
            return null;
        }
        if (!output.isEmpty()) {
            requireThat(input.isEmpty() && !response.finalBit(), "the target answered an unfinished request");
            send(out);
            return null;
        }
        List<KeyValue> answers = receive(input.pairs());
        if (response.finalBit()) {
            requireThat(askedToTransit, "T is set and was not asked for");
            requireThat(answers.isEmpty(), "the last response of a stage needs an answer");
            return leaveStage(response, out);
        }
        output.add(answers);
        send(out);
        return null;
    }

    private void checkHeader(LoginResponse response) throws NegotiationException {
        requireThat(exchanges++ < MAX_EXCHANGES, "no end after " + MAX_EXCHANGES + " exchanges");
        requireThat(response.initiatorTaskTag() == INITIATOR_TASK_TAG, "unknown Initiator Task Tag");
        requireThat(response.versionActive() == 0, "unknown version " + response.versionActive());
        requireThat(response.currentStage() == stage(), "CSG is " + response.currentStage() + " in " + state);
        requireThat(exchanges == 1 || response.statSn() == expStatSn, "StatSN is out of sequence");
        expStatSn = response.statSn() + 1;
    }

    private List<KeyValue> receive(List<KeyValue> pairs) throws NegotiationException, AuthenticationFailure {
        List<KeyValue> answers = new ArrayList<>();
        List<KeyValue> security = new ArrayList<>();
        for (KeyValue pair : pairs) {
            Key key = Key.named(pair.key());
            if (key == Key.AUTH_METHOD || METHOD_KEYS.matcher(pair.key()).lookingAt()) {
                requireThat(state == LoginState.SECURITY, pair.key() + " in the operational stage");
                security.add(pair);
            } else {
                requireThat(
                        state != LoginState.SECURITY || key == null || key.use().anyStage(),
                        pair + " in the security stage");
                keys.receive(pair, answers);
            }
        }
        if (state == LoginState.SECURITY) {
            answers.addAll(authenticate(security));
        }
        return answers;
    }

    private List<KeyValue> authenticate(List<KeyValue> pairs) throws AuthenticationFailure {
        try {
            return authenticator.receive(pairs);
        } catch (NegotiationException e) {
            secondTry = authenticator.secondTry();
            throw new AuthenticationFailure(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable LoginOutcome leaveStage(LoginResponse response, PduWriter out)
            throws NegotiationException, AuthenticationFailure {
        LoginStage next = response.nextStage();
        if (state == LoginState.SECURITY && !authenticator.isDone()) {
            throw new AuthenticationFailure("the target skips its authentication");
        }
        if (next == LoginStage.FULL_FEATURE_PHASE && state == LoginState.OPERATIONAL) {
            requireThat(response.tsih() != 0, "the session has no TSIH");
            state = state.transition(LoginState.FULL_FEATURE_PHASE);
            return loggedIn(response);
        }
        requireThat(
                next == LoginStage.OPERATIONAL_NEGOTIATION && state == LoginState.SECURITY,
                "NSG is " + next + " in " + state);
        state = state.transition(LoginState.OPERATIONAL);
        output.add(keys.propose());
        send(out);
        return null;
    }

    private LoginOutcome loggedIn(LoginResponse response) {
        LoginOutcome.Sequence sequence = new LoginOutcome.Sequence(response.expCmdSn(), response.maxCmdSn(), expStatSn);
        LoginOutcome.TargetNews news = new LoginOutcome.TargetNews(
                keys.declaredByPeer(Key.TARGET_ALIAS),
                keys.declaredByPeer(Key.TARGET_PORTAL_GROUP_TAG, TargetAddress.NO_TAG));
        return new LoginOutcome.LoggedIn(response.tsih(), sequence, keys.result(), news);
    }

    private LoginOutcome ended(int code, ByteBuf data) throws NegotiationException {
        LoginStatus status = LoginStatus.of(code);
        if (status != LoginStatus.MOVED_TEMPORARILY && status != LoginStatus.MOVED_PERMANENTLY) {
            secondTry = state == LoginState.SECURITY ? authenticator.secondTry(status) : null;
            return new LoginOutcome.Refused(status, code);
        }
        input.add(data);
        for (KeyValue pair : input.pairs()) {
            if (pair.is(Key.TARGET_ADDRESS)) {
                return new LoginOutcome.Redirected(
                        TargetAddress.parse(pair.value()), status == LoginStatus.MOVED_PERMANENTLY);
            }
        }
        throw new NegotiationException("redirected, but not told where to");
    }

    /** Sends the next piece of the text. Its last piece asks to leave the stage as soon as we are content with it. */
    private void send(PduWriter out) {
        ByteBuf text = output.take(MAX_DATA_SEGMENT_BYTES);
        askedToTransit = output.isEmpty() && (state == LoginState.OPERATIONAL || authenticator.isContent());
        next(out).continueBit(!output.isEmpty());
        if (askedToTransit) {
            request.finalBit(true)
                    .nextStage(
                            state == LoginState.SECURITY
                                    ? LoginStage.OPERATIONAL_NEGOTIATION
                                    : LoginStage.FULL_FEATURE_PHASE);
        }
        out.finish(text);
    }

    /** Asks for the continuation of the target's text. */
    private void sendEmpty(PduWriter out) {
        askedToTransit = false;
        next(out);
        out.finish();
    }

    private LoginRequest next(PduWriter out) {
        return out.next(request)
                .currentStage(stage())
                .isid(identity.isid())
                .tsih(identity.tsih())
                .initiatorTaskTag(INITIATOR_TASK_TAG)
                .connectionId(identity.connectionId())
                .cmdSn(parameters.initialCmdSn())
                .expStatSn(expStatSn);
    }

    private LoginStage stage() {
        return state == LoginState.SECURITY ? LoginStage.SECURITY_NEGOTIATION : LoginStage.OPERATIONAL_NEGOTIATION;
    }

    private static void requireThat(boolean condition, String otherwise) throws NegotiationException {
        if (!condition) {
            throw new NegotiationException(otherwise);
        }
    }
}
