package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyNegotiation;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TextInput;
import io.lunbridge.iscsi.negotiation.TextOutput;
import io.lunbridge.iscsi.pdu.LoginRequest;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LoginStage;
import io.lunbridge.iscsi.pdu.LoginStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The target's side of one login (RFC 7143 section 6.3). Lets everybody in who knows the target's name. */
final class TargetLogin {

    /** The MaxRecvDataSegmentLength that holds during login. */
    static final int MAX_DATA_SEGMENT_BYTES = 8192;

    private static final String PORTAL_GROUP_TAG = "1";
    private static final String DISCOVERY = "Discovery";

    /** Where a login stands. */
    enum Progress {
        GOES_ON,
        LOGGED_IN,
        REFUSED
    }

    /**
     * Who has logged in.
     *
     * @param initiator name and ISID: a second login of the same puts an end to the first
     */
    record Nexus(String initiator, boolean discovery, NegotiatedKeys keys) {

        boolean isReplacedBy(Nexus other) {
            return !discovery && !other.discovery && initiator.equals(other.initiator);
        }
    }

    private final String targetName;
    private final KeyOffer offer;
    private final int tsih;
    private final Responses responses;
    private final TextInput input = new TextInput();
    private final TextOutput output = new TextOutput();

    private @Nullable KeyNegotiation keys;
    private boolean discovery;
    private boolean segmentLengthDeclared;
    private LoginStage stage = LoginStage.SECURITY_NEGOTIATION;
    private long isid;
    private int initiatorTaskTag;
    private boolean begun;

    TargetLogin(String targetName, KeyOffer offer, int tsih, Responses responses) {
        this.targetName = targetName;
        this.offer = offer;
        this.tsih = tsih;
        this.responses = responses;
    }

    /** Takes a request and answers it. */
    Progress receive(LoginRequest request, ByteBuf data) {
        try {
            LoginStatus status = begun ? checkContinuation(request) : begin(request);
            if (status == LoginStatus.SUCCESS) {
                input.add(data);
                status = request.continueBit() ? LoginStatus.SUCCESS : receivePairs();
            }
            return status == LoginStatus.SUCCESS ? proceed(request) : refuse(request, status);
        } catch (NegotiationException e) {
            return refuse(request, LoginStatus.INITIATOR_ERROR);
        }
    }

    Nexus nexus() {
        KeyNegotiation settled = negotiation();
        String name = settled.declaredByPeer(Key.INITIATOR_NAME);
        return new Nexus(name + "," + Long.toHexString(isid), discovery, settled.result());
    }

    private LoginStatus begin(LoginRequest request) {
        begun = true;
        stage = request.currentStage();
        isid = request.isid();
        initiatorTaskTag = request.initiatorTaskTag();
        responses.beginAt(request.cmdSn());
        if (request.versionMin() > 0) {
            return LoginStatus.UNSUPPORTED_VERSION;
        }
        return request.tsih() == 0 ? checkStage(request) : LoginStatus.SESSION_DOES_NOT_EXIST;
    }

    private LoginStatus checkContinuation(LoginRequest request) {
        boolean same = request.isid() == isid
                && request.initiatorTaskTag() == initiatorTaskTag
                && request.currentStage() == stage;
        return same ? checkStage(request) : LoginStatus.INITIATOR_ERROR;
    }

    /** C and T exclude each other; a stage is left for a later one. */
    private LoginStatus checkStage(LoginRequest request) {
        boolean known = stage == LoginStage.SECURITY_NEGOTIATION || stage == LoginStage.OPERATIONAL_NEGOTIATION;
        boolean forward = request.nextStage() == LoginStage.FULL_FEATURE_PHASE
                || (request.nextStage() == LoginStage.OPERATIONAL_NEGOTIATION
                        && stage == LoginStage.SECURITY_NEGOTIATION);
        boolean transitOk = !request.finalBit() || (forward && !request.continueBit());
        return known && transitOk ? LoginStatus.SUCCESS : LoginStatus.INITIATOR_ERROR;
    }

    private LoginStatus receivePairs() throws NegotiationException {
        List<KeyValue> pairs = input.pairs();
        List<KeyValue> answers = new ArrayList<>();
        boolean first = keys == null;
        if (first) {
            discovery = pairs.stream()
                    .anyMatch(p -> p.is(Key.SESSION_TYPE) && p.value().equals(DISCOVERY));
            keys = KeyNegotiation.ofTarget(offer, discovery);
            answers.add(KeyValue.of(Key.TARGET_PORTAL_GROUP_TAG, PORTAL_GROUP_TAG));
        }
        for (KeyValue pair : pairs) {
            Key key = Key.named(pair.key());
            boolean security = stage == LoginStage.SECURITY_NEGOTIATION;
            boolean misplaced = key != null && (security ? !key.use().anyStage() : key == Key.AUTH_METHOD);
            if (misplaced) {
                return LoginStatus.INITIATOR_ERROR;
            }
            negotiation().receive(pair, answers);
        }
        if (answers.contains(KeyValue.of(Key.AUTH_METHOD, KeyValue.REJECT))) {
            return LoginStatus.AUTHENTICATION_FAILURE;
        }
        if (stage == LoginStage.OPERATIONAL_NEGOTIATION && !segmentLengthDeclared) {
            segmentLengthDeclared = true;
            answers.add(negotiation().propose(Key.MAX_RECV_DATA_SEGMENT_LENGTH));
        }
        output.add(answers);
        return first ? checkNames() : LoginStatus.SUCCESS;
    }

    private LoginStatus checkNames() {
        String initiator = negotiation().declaredByPeer(Key.INITIATOR_NAME);
        String target = negotiation().declaredByPeer(Key.TARGET_NAME);
        if (initiator == null || initiator.isEmpty() || (target == null && !discovery)) {
            return LoginStatus.MISSING_PARAMETER;
        }
        return discovery || targetName.equals(target) ? LoginStatus.SUCCESS : LoginStatus.NOT_FOUND;
    }

    private Progress proceed(LoginRequest request) {
        ByteBuf text = request.continueBit() ? Unpooled.EMPTY_BUFFER : output.take(MAX_DATA_SEGMENT_BYTES);
        boolean transit = request.finalBit() && output.isEmpty();
        LoginStage next = request.nextStage();
        boolean done = transit && next == LoginStage.FULL_FEATURE_PHASE;
        LoginResponse response = response(request)
                .currentStage(stage)
                .continueBit(!request.continueBit() && !output.isEmpty())
                .finalBit(transit)
                .tsih(done ? tsih : 0);
        if (transit) {
            response.nextStage(next);
            stage = next;
        }
        responses.finish(text);
        return done ? Progress.LOGGED_IN : Progress.GOES_ON;
    }

    private Progress refuse(LoginRequest request, LoginStatus status) {
        response(request).status(status.code());
        responses.finish();
        return Progress.REFUSED;
    }

    private LoginResponse response(LoginRequest request) {
        return responses
                .nextWithStatus(new LoginResponse())
                .isid(request.isid())
                .initiatorTaskTag(request.initiatorTaskTag());
    }

    private KeyNegotiation negotiation() {
        KeyNegotiation begunKeys = keys;
        if (begunKeys == null) {
            throw new IllegalStateException("no text has come yet");
        }
        return begunKeys;
    }
}
