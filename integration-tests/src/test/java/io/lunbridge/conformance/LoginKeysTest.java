package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.TextKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each key of the login: what is offered, what an answer means, and what no answer can be. */
class LoginKeysTest {

    private static final int FULL_FEATURE = LoginDialogue.FULL_FEATURE;
    private static final byte[] NOTHING = {};

    /** A whole login with this target's wishes, and what the initiator sent in it. */
    private static TextKeys offers(String... wishes) throws Exception {
        TextKeys sent = new TextKeys();
        Conversation.of(peer -> {
                    for (int i = 0; i < wishes.length; i += 2) {
                        peer.keys().want(wishes[i], wishes[i + 1]);
                    }
                    recordingLogin(peer, sent);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    byte[] data = disk.bytes(4096, 300 << 10);
                    initiator.write(1 << 20, data);
                    assertThat(initiator.read(1 << 20, data.length)).isEqualTo(data);
                });
        return sent;
    }

    private static void recordingLogin(Peer peer, TextKeys sent) throws IOException {
        LoginDialogue login = LoginDialogue.on(peer);
        RawPdu request;
        do {
            request = login.request();
            sent.putAll(request.textKeys());
            login.respond(
                    request, request.flags(), peer.keys().answersTo(request).encoded());
        } while (!request.isFinal() || LoginDialogue.nextStage(request) != FULL_FEATURE);
        peer.enterFullFeature();
    }

    private static long number(TextKeys keys, String key) {
        return Long.parseLong(String.valueOf(keys.value(key)));
    }

    /** That the login ends where the target answers {@code key} so. */
    private static void assertNoAnswer(String key, String offered, String answer) throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    peer.keys().answer(key, answer);
                    answerUntilEnd(peer);
                })
                .configured(config -> offering(config, key, offered))
                .runToRefusal();
        assertThat(refusal).hasMessageContaining(key);
    }

    private static SessionConfig offering(SessionConfig config, String keyText, String value) {
        LoginParameters login = config.login();
        Key key = Objects.requireNonNull(Key.named(keyText));
        return config.withLogin(new LoginParameters(
                login.identity(), login.offer().with(key, value), login.authentication(), login.initialCmdSn()));
    }

    private static void answerUntilEnd(Peer peer) throws IOException {
        LoginDialogue login = LoginDialogue.on(peer);
        RawPdu request;
        while ((request = peer.nextOrEnd()) != null) {
            assertThat(request.opcode()).as("goes on").isEqualTo(Op.LOGIN);
            login.respond(
                    request, request.flags(), peer.keys().answersTo(request).encoded());
        }
    }

    @Test
    @Spec(value = "RFC 7143 6.2", unh = "Login 6.1")
    void noKeyIsOfferedTwice() throws Exception {
        List<String> sent = new ArrayList<>();
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = login.request();
                    while (LoginDialogue.nextStage(request) != FULL_FEATURE || sent.size() < 2) {
                        sent.addAll(request.textKeys().asMap().keySet());
                        login.respond(
                                request,
                                request.flags(),
                                peer.keys().answersTo(request).encoded());
                        request = login.request();
                    }
                    sent.addAll(request.textKeys().asMap().keySet());
                    login.respond(
                            request,
                            LoginDialogue.OPERATIONAL << 2,
                            peer.keys().answersTo(request).encoded());
                    request = login.request();
                    sent.addAll(request.textKeys().asMap().keySet());
                    login.respond(request, request.flags(), NOTHING);
                    peer.enterFullFeature();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {});

        assertThat(sent).contains("InitiatorName", "MaxBurstLength").doesNotHaveDuplicates();
    }

    @Test
    @Spec(value = "RFC 7143 6.2", unh = "Login 6.3")
    void keyThatTheTargetGivesTwice() throws Exception {
        byte[] twice = "MaxBurstLength=262144\0MaxBurstLength=262144\0".getBytes(StandardCharsets.UTF_8);
        Exception refusal = Conversation.of(peer -> {
                    RawPdu request = toOperational(peer);
                    LoginDialogue.on(peer).respond(request, request.flags(), twice);
                    peer.expectEnd();
                })
                .runToRefusal();

        assertThat(refusal).hasMessageContaining("MaxBurstLength").hasMessageContaining("twice");
    }

    /** Grants the security stage; returns the first request of the next. */
    private static RawPdu toOperational(Peer peer) throws IOException {
        LoginDialogue login = LoginDialogue.on(peer);
        RawPdu request = login.request();
        while (LoginDialogue.currentStage(request) == LoginDialogue.SECURITY) {
            login.respond(
                    request, request.flags(), peer.keys().answersTo(request).encoded());
            request = login.request();
        }
        return request;
    }

    @Test
    @Spec(value = "RFC 7143 11.13.3", unh = "Login 2.2")
    void lastResponseWithoutTsih() throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    RawPdu request = toOperational(peer);
                    byte[] answers = peer.keys().answersTo(request).encoded();
                    LoginDialogue.on(peer).respond(request, request.flags(), answers, 0);
                    peer.expectEnd();
                })
                .runToRefusal();

        assertThat(refusal).hasMessageContaining("TSIH");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {Op.NOP_IN, Op.SCSI_RESPONSE, Op.DATA_IN, Op.R2T, Op.LOGOUT_RESPONSE, Op.REJECT, 0x3f, 0x1c, Op.LOGIN
            })
    @Spec(value = "RFC 7143 6.3", unh = "Login 8.1")
    void otherPduDuringLogin(int opcode) throws Exception {
        Conversation.of(peer -> {
                    RawPdu request = toOperational(peer);
                    peer.sendStatus(RawReply.of(opcode).initiatorTaskTag(request.initiatorTaskTag()));
                    peer.expectEnd();
                })
                .runToRefusal();
    }

    @Test
    @Spec(value = "RFC 7143 13.2", unh = "Login 10.1")
    void maxConnections() throws Exception {
        assertThat(number(offers("MaxConnections", "4"), "MaxConnections")).isBetween(1L, 65535L);
        assertNoAnswer("MaxConnections", "1", "2");
        assertNoAnswer("MaxConnections", "1", "0");
        assertNoAnswer("MaxConnections", "1", "65536");
    }

    @Test
    @Spec(value = "RFC 7143 6.2.2", unh = "Login 13.1")
    void booleansThatAreOfferedAreYesOrNo() throws Exception {
        TextKeys sent = offers("InitialR2T", "No");

        for (String key : List.of("InitialR2T", "ImmediateData", "DataPDUInOrder", "DataSequenceInOrder")) {
            assertThat(sent.value(key)).as(key).isIn("Yes", "No");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "InitialR2T, Yes, No",
        "DataPDUInOrder, Yes, No",
        "DataSequenceInOrder, Yes, No",
        "ImmediateData, No, Yes",
        "InitialR2T, No, yes",
        "ImmediateData, Yes, 1"
    })
    @Spec(value = "RFC 7143 6.2.2", unh = "Login 13.3")
    void booleanThatTheOfferDoesNotAllow(String key, String offered, String answer) throws Exception {
        assertNoAnswer(key, offered, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"512", "4096", "65536", "16777215"})
    @Spec(value = "RFC 7143 13.12", unh = "Login 14.1")
    void maxRecvDataSegmentLength(String targets) throws Exception {
        TextKeys sent = offers("MaxRecvDataSegmentLength", targets);

        assertThat(number(sent, "MaxRecvDataSegmentLength")).isBetween(512L, 0xffffffL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "511", "16777216", "-1", "much"})
    @Spec(value = "RFC 7143 13.12", unh = "Login 14.1")
    void maxRecvDataSegmentLengthThatIsNone(String targets) throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    peer.keys().want("MaxRecvDataSegmentLength", targets);
                    answerUntilEnd(peer);
                })
                .runToRefusal();

        assertThat(refusal).hasMessageContaining("MaxRecvDataSegmentLength");
    }

    @ParameterizedTest
    @ValueSource(strings = {"512", "8192", "16777215"})
    @Spec(value = "RFC 7143 13.13", unh = "Login 15.1")
    void maxBurstLength(String targets) throws Exception {
        assertThat(number(offers("MaxBurstLength", targets, "FirstBurstLength", "512"), "MaxBurstLength"))
                .isBetween(512L, 0xffffffL);
    }

    @ParameterizedTest
    @CsvSource({"Yes, 512", "Yes, 65536", "No, 512", "No, 65536"})
    @Spec(value = "RFC 7143 13.14", unh = "Login 16.1")
    void firstBurstLengthBelowMaxBurstLength(String immediateData, String firstBurst) throws Exception {
        TextKeys sent = offers(
                "InitialR2T",
                "No",
                "ImmediateData",
                immediateData,
                "FirstBurstLength",
                firstBurst,
                "MaxBurstLength",
                "131072");

        assertThat(number(sent, "FirstBurstLength"))
                .isGreaterThanOrEqualTo(512)
                .isLessThanOrEqualTo(number(sent, "MaxBurstLength"));
    }

    /** The answer is within the offer, and still may no more be sent unasked than MaxBurstLength. */
    @Test
    @Spec(value = "RFC 7143 13.14", unh = "Login 16.2")
    void firstBurstLengthAboveMaxBurstLength() throws Exception {
        Conversation.of(peer -> {
                    peer.keys().want("InitialR2T", "No").want("MaxBurstLength", "65536");
                    peer.keys().answer("FirstBurstLength", "131072").want("FirstBurstLength", "65536");
                    peer.login();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, new byte[256 << 10]));
    }

    @Test
    @Spec(value = "RFC 7143 13.16", unh = "Login 17.1")
    void defaultTime2Retain() throws Exception {
        assertThat(number(offers("DefaultTime2Retain", "3600"), "DefaultTime2Retain"))
                .isBetween(0L, 3600L);
        assertNoAnswer("DefaultTime2Retain", "20", "21");
        assertNoAnswer("DefaultTime2Retain", "20", "-1");
    }

    @Test
    @Spec(value = "RFC 7143 13.15", unh = "Login 18.1")
    void defaultTime2Wait() throws Exception {
        assertThat(number(offers("DefaultTime2Wait", "3600"), "DefaultTime2Wait"))
                .isBetween(0L, 3600L);
        assertNoAnswer("DefaultTime2Wait", "2", "1");
        assertNoAnswer("DefaultTime2Wait", "2", "3601");
    }

    @Test
    @Spec(value = "RFC 7143 13.20", unh = "Login 20.1")
    void errorRecoveryLevel() throws Exception {
        assertThat(number(offers("ErrorRecoveryLevel", "2"), "ErrorRecoveryLevel"))
                .isBetween(0L, 2L);
        assertNoAnswer("ErrorRecoveryLevel", "0", "1");
        assertNoAnswer("ErrorRecoveryLevel", "1", "3");
    }

    @Test
    @Spec(value = "RFC 7143 13.9", unh = "Login 23.1")
    void declarationsOfTheTargetAreTakenWithoutAnswer() throws Exception {
        Set<String> told = Set.of("TargetAlias", "TargetPortalGroupTag", "TargetAddress");
        Set<String> sent = new HashSet<>();
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = login.request();
                    TextKeys answers = peer.keys().answersTo(request);
                    answers.putAll(TextKeys.of(
                            "TargetAlias",
                            "an alias, ünïcode",
                            "TargetPortalGroupTag",
                            "65535",
                            "TargetAddress",
                            "[2001:db8::1]:3260,65535"));
                    login.respond(request, request.flags(), answers.encoded());
                    request = login.request();
                    sent.addAll(request.textKeys().asMap().keySet());
                    login.respond(
                            request,
                            request.flags(),
                            peer.keys().answersTo(request).encoded());
                    peer.enterFullFeature();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.flush());

        assertThat(sent).contains("MaxBurstLength").doesNotContainAnyElementsOf(told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-org.example.nonsense", "Nonsense"})
    @Spec(value = "RFC 7143 6.2", unh = "Login 7.6")
    void unknownKeyInTheSecurityStage(String key) throws Exception {
        TextKeys sent = new TextKeys();
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = login.request();
                    TextKeys answers = peer.keys().answersTo(request);
                    answers.put(key, "42");
                    login.respond(request, 0, answers.encoded());
                    request = login.request();
                    sent.putAll(request.textKeys());
                    login.respond(request, request.flags(), NOTHING);
                    request = login.request();
                    login.respond(
                            request,
                            request.flags(),
                            peer.keys().answersTo(request).encoded());
                    peer.enterFullFeature();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {});

        assertThat(sent.asMap()).containsEntry(key, "NotUnderstood").hasSize(1);
    }
}
