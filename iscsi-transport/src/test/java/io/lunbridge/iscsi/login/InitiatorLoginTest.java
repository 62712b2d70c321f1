package io.lunbridge.iscsi.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.login.LoginOutcome.Failed;
import io.lunbridge.iscsi.login.LoginOutcome.LoggedIn;
import io.lunbridge.iscsi.login.LoginOutcome.NotAuthenticated;
import io.lunbridge.iscsi.login.LoginOutcome.Redirected;
import io.lunbridge.iscsi.login.LoginOutcome.Refused;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.pdu.LoginRequest;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LoginStage;
import io.lunbridge.iscsi.pdu.LoginStatus;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The login machine against responses set by hand. */
class InitiatorLoginTest {

    private static final long ISID = 0x8012_3456_789aL;
    private static final List<LoginStage> STAGES = List.of(LoginStage.values());
    private static final LoginIdentity IDENTITY = new LoginIdentity("iqn.i", "iqn.t", ISID, 0, 7);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PduWriter writer = new PduWriter(channel);
    private InitiatorLogin login = login(IDENTITY, KeyOffer.forSpeed());
    private final LoginRequest request = new LoginRequest();
    private String text = "";
    private int statSn = 100;

    private static InitiatorLogin login(LoginIdentity identity, KeyOffer offer) {
        return new InitiatorLogin(LoginParameters.unauthenticated(identity, offer));
    }

    @AfterEach
    void release() {
        writer.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void bothStagesToFullFeaturePhase() {
        start();
        assertThat(request.currentStage()).isEqualTo(LoginStage.SECURITY_NEGOTIATION);
        assertThat(request.nextStage()).isEqualTo(LoginStage.OPERATIONAL_NEGOTIATION);
        assertThat(request.finalBit()).isTrue();
        assertThat(request.immediate()).isTrue();
        assertThat(request.isid()).isEqualTo(ISID);
        assertThat(request.connectionId()).isEqualTo(7);
        assertThat(request.cmdSn()).isEqualTo(1);
        assertThat(text).isEqualTo("InitiatorName=iqn.i|SessionType=Normal|TargetName=iqn.t|AuthMethod=None|");

        assertThat(receive(0, true, 1, "TargetPortalGroupTag=1|AuthMethod=None|"))
                .isNull();
        assertThat(request.currentStage()).isEqualTo(LoginStage.OPERATIONAL_NEGOTIATION);
        assertThat(request.nextStage()).isEqualTo(LoginStage.FULL_FEATURE_PHASE);
        assertThat(request.expStatSn()).isEqualTo(101);
        assertThat(request.isid()).isEqualTo(ISID);
        assertThat(text)
                .contains("InitialR2T=No|", "MaxRecvDataSegmentLength=262144|", "ErrorRecoveryLevel=0|")
                .doesNotContain("InitiatorName");

        LoggedIn in = ended(
                LoggedIn.class,
                1,
                true,
                3,
                "InitialR2T=Yes|ImmediateData=Yes|MaxRecvDataSegmentLength=4096|MaxBurstLength=16384|"
                        + "FirstBurstLength=32768|DefaultTime2Wait=3|DefaultTime2Retain=0|HeaderDigest=None|"
                        + "TargetAlias=a b|MaxOutstandingR2T=1|");
        assertThat(in).isNotNull();
        assertThat(in.tsih()).isEqualTo(0x55);
        assertThat(in.sequence()).isEqualTo(new LoginOutcome.Sequence(1, 33, 102));
        assertThat(in.keys().flow().initialR2t()).isTrue();
        assertThat(in.keys().flow().immediateData()).isTrue();
        assertThat(in.keys().lengths().maxSendBytes()).isEqualTo(4096);
        assertThat(in.keys().lengths().maxRecvBytes()).isEqualTo(262144);
        assertThat(in.keys().lengths().maxBurstBytes()).isEqualTo(16384);
        assertThat(in.keys().lengths().firstBurstBytes()).isEqualTo(16384);
        assertThat(in.keys().recovery().time2WaitSeconds()).isEqualTo(3);
        assertThat(in.target()).isEqualTo(new LoginOutcome.TargetNews("a b", 1));
    }

    @Test
    void discoveryOffersOnlyTheSegmentLength() {
        login = login(new LoginIdentity("iqn.i", null, ISID, 0, 0), KeyOffer.forSpeed());
        start();
        assertThat(text).isEqualTo("InitiatorName=iqn.i|SessionType=Discovery|AuthMethod=None|");
        receive(0, true, 1, "AuthMethod=None|");
        assertThat(text)
                .contains("MaxRecvDataSegmentLength=")
                .doesNotContain("InitialR2T", "MaxConnections", "MaxBurstLength", "FirstBurstLength");
        assertThat(receive(1, true, 3, "MaxRecvDataSegmentLength=8192|")).isInstanceOf(LoggedIn.class);
    }

    @Test
    void continuedResponsesAreAskedForWithAnEmptyRequest() {
        start();
        assertThat(receive(response(0, false, 0).continueBit(true), "TargetAlias=long"))
                .isNull();
        assertThat(text).isEmpty();
        assertThat(request.finalBit()).isFalse();
        assertThat(request.continueBit()).isFalse();
        assertThat(receive(0, false, 0, "er|AuthMethod=None|")).isNull();
        assertThat(request.finalBit()).isTrue();
        receive(0, true, 1, "");
        LoggedIn in = ended(LoggedIn.class, 1, true, 3, "");
        assertThat(in.target().alias()).isEqualTo("longer");
    }

    @Test
    void longTextIsContinued() {
        String many = "CRC32C,".repeat(2000) + "None";
        login = login(IDENTITY, KeyOffer.forSpeed().with(Key.HEADER_DIGEST, many));
        start();
        receive(0, true, 1, "");
        assertThat(request.continueBit()).isTrue();
        assertThat(request.finalBit()).isFalse();
        assertThat(request.dataSegmentLength()).isEqualTo(8192);
        String first = text;
        assertThat(receive(1, false, 0, "")).isNull();
        assertThat(request.continueBit()).isFalse();
        assertThat(request.finalBit()).isTrue();
        assertThat(first + text).contains("HeaderDigest=" + many + "|");
    }

    @Test
    void targetThatDoesNotTransitIsAskedAgain() {
        start();
        receive(0, false, 0, "AuthMethod=None|");
        assertThat(request.finalBit()).isTrue();
        assertThat(text).isEmpty();
        assertThat(receive(0, true, 1, "")).isNull();
        assertThat(request.currentStage()).isEqualTo(LoginStage.OPERATIONAL_NEGOTIATION);
    }

    @Test
    void proposalsOfTheTargetAreAnswered() {
        login = login(IDENTITY, KeyOffer.forSpeed().without(Key.FIRST_BURST_LENGTH));
        start();
        receive(0, true, 1, "");
        receive(1, false, 0, "FirstBurstLength=131072|X-com.example.k=1|IFMarker=No|TaskReporting=FastAbort,RFC3720|");
        assertThat(text)
                .isEqualTo(
                        "FirstBurstLength=65536|X-com.example.k=NotUnderstood|IFMarker=Reject|TaskReporting=RFC3720|");
        LoggedIn in = ended(LoggedIn.class, 1, true, 3, "MaxBurstLength=262144|");
        assertThat(in.keys().lengths().firstBurstBytes()).isEqualTo(65536);
    }

    @Test
    void redirects() {
        start();
        LoginResponse moved = response(0, false, 0).status(LoginStatus.MOVED_PERMANENTLY.code());
        assertThat(receive(moved, "TargetAddress=[fe80::1]:3261|"))
                .isEqualTo(new Redirected(new TargetAddress("fe80::1", 3261, TargetAddress.NO_TAG), true));
    }

    @Test
    void redirectToNowhereFails() {
        start();
        assertThat(receive(response(0, false, 0).status(0x0101), "")).isInstanceOf(Failed.class);
    }

    @Test
    void refusals() {
        start();
        Refused refused = ended(Refused.class, response(0, false, 0).status(0x0203), "");
        assertThat(refused).isEqualTo(new Refused(LoginStatus.NOT_FOUND, 0x0203));
        assertThat(refused.mayRetry()).isFalse();
        login = login(IDENTITY, KeyOffer.forSpeed());
        start();
        refused = ended(Refused.class, response(0, false, 0).status(0x03ff), "");
        assertThat(refused).isEqualTo(new Refused(LoginStatus.UNKNOWN, 0x03ff));
        assertThat(refused.mayRetry()).isTrue();
    }

    @Test
    void brokenResponsesFail() {
        assertFails("StatSN", 1, response(1, true, 3).statSn(7), "");
        assertFails("CSG", 0, response(1, true, 3), "");
        assertFails("NSG", 0, response(0, true, 3), "");
        assertFails("C and T", 0, response(0, true, 1).continueBit(true), "");
        assertFails("TSIH", 1, response(1, true, 3).tsih(0), "");
        assertFails("Initiator Task Tag", 0, response(0, true, 1).initiatorTaskTag(1), "");
        assertFails("security stage", 0, response(0, true, 1), "MaxBurstLength=512|");
        assertFails("twice", 1, response(1, false, 0), "MaxBurstLength=512|MaxBurstLength=512|");
        assertFails("not accept HeaderDigest=None", 1, response(1, false, 0), "HeaderDigest=Reject|");
        assertFails("not possible", 1, response(1, false, 0), "MaxBurstLength=511|");
        assertFails("not possible", 1, response(1, false, 0), "MaxConnections=2|");
        assertFails("not possible", 1, response(1, false, 0), "ImmediateData=yes|");
        assertFails("needs an answer", 1, response(1, true, 3), "X-com.example.k=1|");
        assertFails("within a key=value", 1, response(1, true, 3), "MaxBurst");
    }

    @Test
    void aTargetThatWantsCredentials() {
        start();
        assertThat(receive(0, false, 0, "AuthMethod=CHAP|"))
                .isInstanceOfSatisfying(
                        NotAuthenticated.class,
                        distrust -> assertThat(distrust.reason()).contains("wants CHAP"));
        assertThat(login.secondTry()).isNull();
    }

    @Test
    void endlessExchangesAreGivenUp() {
        start();
        LoginOutcome outcome = null;
        int n = 0;
        while (outcome == null) {
            n++;
            outcome = receive(0, false, 0, "");
        }
        assertThat(n).isEqualTo(InitiatorLogin.MAX_EXCHANGES + 1);
        assertThat(outcome).isInstanceOf(Failed.class);
        assertThat(receive(0, false, 0, "")).isInstanceOf(Failed.class);
    }

    @Test
    void silenceIsReportedWithItsStage() {
        start();
        receive(0, true, 1, "");
        assertThat(((Failed) login.timedOut()).reason()).contains("OPERATIONAL");
    }

    private void assertFails(String reason, int stage, LoginResponse response, String responseText) {
        statSn = response.statSn() == 7 ? 200 : response.statSn();
        int last = response.statSn();
        login = login(IDENTITY, KeyOffer.forSpeed());
        start();
        if (stage == 1) {
            statSn--;
            receive(0, true, 1, "");
        }
        response.statSn(last);
        LoginOutcome outcome = receive(response, responseText);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.reason()).contains(reason));
    }

    private void start() {
        login.start(writer);
        readRequest();
    }

    private @Nullable LoginOutcome receive(int stage, boolean transit, int next, String responseText) {
        return receive(response(stage, transit, next), responseText);
    }

    private <T extends LoginOutcome> T ended(Class<T> type, int stage, boolean transit, int next, String responseText) {
        return ended(type, response(stage, transit, next), responseText);
    }

    private <T extends LoginOutcome> T ended(Class<T> type, LoginResponse response, String responseText) {
        return type.cast(Objects.requireNonNull(receive(response, responseText)));
    }

    private @Nullable LoginOutcome receive(LoginResponse response, String responseText) {
        ByteBuf data = Unpooled.copiedBuffer(responseText.replace('|', '\0'), StandardCharsets.UTF_8);
        LoginOutcome outcome = login.receive(response, data, writer);
        statSn = response.statSn() + 1;
        readRequest();
        return outcome;
    }

    private LoginResponse response(int stage, boolean transit, int next) {
        return new LoginResponse()
                .wrapNew(Unpooled.wrappedBuffer(new byte[48]), 0)
                .finalBit(transit)
                .currentStage(STAGES.get(stage))
                .nextStage(STAGES.get(next))
                .isid(ISID)
                .tsih(0x55)
                .initiatorTaskTag(0)
                .statSn(statSn)
                .expCmdSn(1)
                .maxCmdSn(33);
    }

    /** Views the request that was written, if one was. */
    private void readRequest() {
        writer.flush();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        if (all.isReadable()) {
            request.wrap(all, all.readerIndex());
            text = all.toString(all.readerIndex() + 48, request.dataSegmentLength(), StandardCharsets.UTF_8)
                    .replace('\0', '|');
        }
    }
}
