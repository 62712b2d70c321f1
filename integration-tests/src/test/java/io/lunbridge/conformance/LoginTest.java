package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.ScriptedTarget;
import io.lunbridge.scripted.TextKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Login requests, and what a target may answer to them. That no key is offered twice is checked in every test. */
class LoginTest {

    private static final int FULL_FEATURE = LoginDialogue.FULL_FEATURE;

    @Test
    @Spec(value = "RFC 7143 11.12", unh = "Login 1.1, 2.1, 7.1, 11.1, 21.1")
    void firstRequest() throws Exception {
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = login.request();
                    assertThat(request.u8(2)).as("version-max").isZero();
                    assertThat(request.u8(3)).as("version-min").isZero();
                    assertThat(request.u16(14)).as("TSIH").isZero();
                    assertThat(request.textKeys().value("InitiatorName")).isEqualTo(Initiator.IQN);
                    assertThat(request.textKeys().value("TargetName")).isEqualTo(ScriptedTarget.IQN);
                    assertThat(request.textKeys().value("SessionType")).isIn("Normal", null);
                    login.refuse(request, 2, 0);
                    peer.expectEnd();
                })
                .runToRefusal();
    }

    @Test
    @Spec("RFC 7143 11.12.5")
    void isidTagAndCidStayTheSameInEveryRequest() throws Exception {
        List<RawPdu> requests = new ArrayList<>();
        Conversation.of(peer -> {
                    stepwise(peer, requests);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {});

        RawPdu first = requests.get(0);
        assertThat(requests).allSatisfy(request -> {
            assertThat(Arrays.copyOfRange(request.header(), 8, 24))
                    .as("ISID, TSIH, ITT, CID")
                    .isEqualTo(Arrays.copyOfRange(first.header(), 8, 24));
        });
        assertThat(requests.stream().filter(request -> request.textKeys().has("InitiatorName")))
                .as("InitiatorName is declared once")
                .hasSize(1);
    }

    /** Grants no transit before the initiator has asked for it twice. */
    private static void stepwise(Peer peer, List<RawPdu> requests) throws IOException {
        LoginDialogue login = LoginDialogue.on(peer);
        boolean held = false;
        while (true) {
            RawPdu request = login.request();
            requests.add(request);
            byte[] answers = peer.keys().answersTo(request).encoded();
            boolean grant = request.isFinal() && (held || LoginDialogue.nextStage(request) != FULL_FEATURE);
            held = request.isFinal();
            int stages = request.flags() & 0x0f;
            login.respond(request, grant ? LoginDialogue.TRANSIT | stages : stages & 0x0c, answers);
            if (grant && LoginDialogue.nextStage(request) == FULL_FEATURE) {
                peer.enterFullFeature();
                return;
            }
        }
    }

    @Test
    @Spec(value = "RFC 7143 6.2", unh = "Login 3.2")
    void transitThatTheTargetDelaysIsAskedForAgain() throws Exception {
        List<RawPdu> requests = new ArrayList<>();
        Conversation.of(peer -> {
                    stepwise(peer, requests);
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> assertThat(initiator.read(0, 512)).isEqualTo(disk.bytes(0, 512)));

        assertThat(requests).hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 40, 200})
    @Spec("RFC 7143 6.2")
    void answerThatIsContinuedOverSeveralResponsesIsPutTogether(int piece) throws Exception {
        Conversation.of(peer -> {
                    LoginDialogue login = LoginDialogue.on(peer);
                    RawPdu request = login.request();
                    while (!(request.isFinal() && LoginDialogue.nextStage(request) == FULL_FEATURE)) {
                        login.respond(
                                request,
                                request.flags(),
                                peer.keys().answersTo(request).encoded());
                        request = login.request();
                    }
                    byte[] answers = peer.keys().answersTo(request).encoded();
                    int stages = request.flags();
                    for (int start = 0; start + piece < answers.length; start += piece) {
                        byte[] text = Arrays.copyOfRange(answers, start, start + piece);
                        login.respond(request, LoginDialogue.CONTINUE | (stages & 0x0c), text);
                        request = login.request();
                        assertThat(request.dataSegmentLength()).isZero();
                        assertThat(request.flags() & 0xc0).as("T and C").isZero();
                    }
                    int rest = answers.length - (answers.length - 1) / piece * piece;
                    byte[] text = Arrays.copyOfRange(answers, answers.length - rest, answers.length);
                    login.respond(request, stages & 0x0c, text);
                    request = login.request();
                    login.respond(
                            request,
                            request.flags(),
                            peer.keys().answersTo(request).encoded());
                    peer.enterFullFeature();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, new byte[65536]));
    }

    @ParameterizedTest
    @CsvSource({"FirstBurstLength, 16384", "MaxBurstLength, 65536", "InitialR2T, Yes", "MaxOutstandingR2T, 1"})
    @Spec(value = "RFC 7143 6.2", unh = "Login 16.3")
    void keyThatTheTargetOffersIsAnswered(String key, String value) throws Exception {
        String answer = answerTo(key, value);

        assertThat(answer).isEqualTo(value);
    }

    @Test
    @Spec(value = "RFC 7143 6.2", unh = "Login 7.6")
    void unknownKeyIsAnsweredNotUnderstood() throws Exception {
        assertThat(answerTo("X-org.example.nonsense", "42")).isEqualTo("NotUnderstood");
    }

    @Test
    @Spec(value = "RFC 7143 A.3", unh = "Login 12.1")
    void obsoleteMarkersAreNotTaken() throws Exception {
        assertThat(answerTo("OFMarker", "Yes")).isIn("No", "Reject", "NotUnderstood");
    }

    /** What the initiator answers to a key that the target offers and that it has not offered itself. */
    private static String answerTo(String key, String value) throws Exception {
        TextKeys seen = new TextKeys();
        Conversation.of(peer -> {
                    offer(peer, TextKeys.of(key, value), seen);
                    peer.serveToEnd();
                })
                .configured(config -> Configs.without(config, key))
                .run((initiator, disk) -> initiator.write(0, new byte[65536]));
        String answer = seen.value(key);
        if (answer == null) {
            throw new AssertionError(key + " was not answered; came: " + seen);
        }
        return answer;
    }

    private static void offer(Peer peer, TextKeys offer, TextKeys seen) throws IOException {
        LoginDialogue login = LoginDialogue.on(peer);
        boolean offered = false;
        while (true) {
            RawPdu request = login.request();
            TextKeys answers = peer.keys().answersTo(request, offer);
            seen.putAll(request.textKeys());
            boolean isLast = LoginDialogue.nextStage(request) == FULL_FEATURE;
            if (isLast && !offered) {
                answers.putAll(offer);
                login.respond(request, request.flags() & 0x0c, answers.encoded());
                offered = true;
            } else {
                login.respond(request, request.flags(), answers.encoded());
                if (isLast && request.isFinal()) {
                    peer.enterFullFeature();
                    return;
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MaxConnections, NotUnderstood",
        "DefaultTime2Wait, NotUnderstood",
        "ErrorRecoveryLevel, NotUnderstood",
        "MaxBurstLength, Reject"
    })
    @Spec("RFC 7143 6.2")
    void keyThatTheTargetDoesNotTakeIsAtItsDefault(String key, String answer) throws Exception {
        Conversation.of(peer -> {
                    peer.keys().answer(key, answer);
                    peer.login();
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> initiator.write(0, new byte[1 << 20]));
    }

    @ParameterizedTest
    @CsvSource({
        "HeaderDigest, Reject",
        "HeaderDigest, CRC64",
        "ImmediateData, Maybe",
        "FirstBurstLength, 16777216",
        "FirstBurstLength, many",
        "InitialR2T, ''",
        "AuthMethod, CHAP",
        "AuthMethod, Nonsense"
    })
    @Spec(value = "RFC 7143 6.2.1", unh = "Login 7.3, 7.4, 7.5")
    void answerThatIsNoneEndsTheLogin(String key, String answer) throws Exception {
        Exception refusal = Conversation.of(peer -> {
                    peer.keys().answer(key, answer);
                    loginUntilEnd(peer);
                })
                .runToRefusal();

        assertThat(refusal).hasMessageContaining(key);
    }

    private static void loginUntilEnd(Peer peer) throws IOException {
        RawPdu request;
        while ((request = peer.nextOrEnd()) != null && request.opcode() == Op.LOGIN) {
            LoginDialogue.on(peer)
                    .respond(
                            request,
                            request.flags(),
                            peer.keys().answersTo(request).encoded());
        }
        if (request != null) {
            throw new AssertionError("it went on after an impossible answer: " + request);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "2, 1", "2, 2", "2, 3", "2, 7", "2, 11", "3, 0", "3, 1", "3, 2", "4, 0"})
    @Spec("RFC 7143 11.13.5")
    void statusOtherThanSuccessEndsTheLogin(int statusClass, int detail) throws Exception {
        Script refusing = peer -> {
            LoginDialogue login = LoginDialogue.on(peer);
            login.refuse(login.request(), statusClass, detail);
            peer.expectEnd();
        };

        assertThat(Conversation.of(refusing).runToRefusal().getMessage()).isNotBlank();
    }
}
