package io.lunbridge.iscsi.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.pdu.LoginRequest;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LoginStage;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Logins against a target that answers seeded nonsense, much of it near to sense: each comes to an outcome, without an
 * exception, within its number of exchanges; and a target that has to prove itself and does not hears no operational key.
 */
@Tag("once")
class LoginFuzzTest {

    /** Responses. */
    private static final long INPUTS = Long.parseLong(System.getenv().getOrDefault("LUNBRIDGE_FUZZ_INPUTS", "100000"));

    private static final List<LoginStage> STAGES = List.of(LoginStage.values());
    private static final LoginIdentity NORMAL = new LoginIdentity("iqn.i", "iqn.t", 0x8000_0000_0001L, 0, 0);
    private static final LoginIdentity DISCOVERY = new LoginIdentity("iqn.i", null, 0x8000_0000_0001L, 0, 0);
    private static final String[] SECURITY = {
        "AuthMethod=CHAP|",
        "AuthMethod=None|",
        "CHAP_A=5|CHAP_I=1|CHAP_C=0x%55%|",
        "CHAP_N=storage|CHAP_R=0x00|",
        "CHAP_A=Reject|",
        "TargetPortalGroupTag=1|",
        "TargetAlias=a|",
        "X-k=1|",
        "",
        "AuthMethod=Reject|"
    };
    private static final String[] VALUES = {
        "Yes", "No", "None", "0", "1", "8192", "65536", "Reject", "Irrelevant", "NotUnderstood", "", "CRC32C", "-1", "x"
    };

    private final Random random = new Random(8);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PduWriter writer = new PduWriter(channel);
    private final LoginRequest request = new LoginRequest();
    private final LoginResponse response = new LoginResponse();
    private final ByteBuf header = Unpooled.buffer(48).writeZero(48);
    private final int[] outcomes = new int[5];
    private int statSn;
    private long responses;
    private String text = "";

    @Test
    void anyResponsesLeadToAnOutcome() {
        ChapAccount own = account("alice", "0123456789abcdef");
        ChapAccount target = account("storage", "fedcba9876543210");
        List<Authenticator.Factory> ways = List.of(
                NoAuthentication::new,
                new ChapAuthentication(own, null, ChapAlgorithm.strongestFirst(), random),
                new ChapAuthentication(own, target, ChapAlgorithm.strongestFirst(), random));
        while (responses < INPUTS) {
            int way = random.nextInt(ways.size());
            boolean discovery = random.nextInt(8) == 0;
            login(new LoginParameters(discovery ? DISCOVERY : NORMAL, KeyOffer.forSpeed(), ways.get(way), 1), way == 2);
        }
        writer.close();
        channel.finishAndReleaseAll();
        for (int outcome : outcomes) {
            assertThat((long) outcome).as("outcomes of a kind").isGreaterThan(INPUTS / 5000);
        }
    }

    private static ChapAccount account(String name, String secret) {
        return new ChapAccount(name, secret.getBytes(StandardCharsets.UTF_8));
    }

    private void login(LoginParameters parameters, boolean mutual) {
        InitiatorLogin login = new InitiatorLogin(parameters);
        login.start(writer);
        readRequest();
        statSn = random.nextInt();
        LoginOutcome outcome = null;
        for (int exchange = 0; outcome == null; exchange++) {
            require(exchange <= InitiatorLogin.MAX_EXCHANGES, "no end");
            ByteBuf data = Unpooled.copiedBuffer(answer().replace('|', '\0'), StandardCharsets.UTF_8);
            outcome = login.receive(nextResponse(), data, writer);
            if (outcome == null) {
                readRequest();
            }
            require(!mutual || !text.contains("MaxRecvDataSegmentLength"), "operational keys before the proof");
        }
        require(!mutual || !(outcome instanceof LoginOutcome.LoggedIn), "trusted");
        outcomes[kind(outcome)]++;
        var unused = login.secondTry();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    private static int kind(LoginOutcome outcome) {
        return outcome instanceof LoginOutcome.LoggedIn
                ? 0
                : outcome instanceof LoginOutcome.Failed
                        ? 1
                        : outcome instanceof LoginOutcome.NotAuthenticated
                                ? 2
                                : outcome instanceof LoginOutcome.Refused ? 3 : 4;
    }

    /** As a target would: the stage and the transit that were asked for; then, at times, something else. */
    private LoginResponse nextResponse() {
        responses++;
        header.setZero(0, 48);
        boolean transit = request.finalBit();
        response.wrapNew(header, 0)
                .finalBit(transit)
                .currentStage(request.currentStage())
                .nextStage(transit ? request.nextStage() : LoginStage.SECURITY_NEGOTIATION)
                .tsih(request.nextStage() == LoginStage.FULL_FEATURE_PHASE ? 7 : 0)
                .initiatorTaskTag(request.initiatorTaskTag())
                .statSn(statSn++)
                .maxCmdSn(32);
        switch (random.nextInt(24)) {
            case 0 -> response.finalBit(!transit);
            case 1 -> response.continueBit(true).finalBit(random.nextInt(9) == 0);
            case 2 -> response.nextStage(STAGES.get(random.nextInt(STAGES.size())));
            case 3 -> response.status(random.nextInt(8) << 8 | random.nextInt(4));
            case 4 -> header.setByte(random.nextInt(48), random.nextInt(256));
            default -> {
                // as it is
            }
        }
        return response;
    }

    @SuppressWarnings("EnumOrdinal") // any of them will do
    private String answer() {
        StringBuilder answer = new StringBuilder();
        if (random.nextInt(3) == 0) {
            answer.append("TargetAddress=10.0.0.1|");
        }
        if (request.currentStage() == LoginStage.SECURITY_NEGOTIATION) {
            boolean toChap = text.contains("CHAP_A=");
            int due = text.contains("AuthMethod=None") ? 1 : toChap ? 2 : text.contains("CHAP_C=") ? 3 : 0;
            boolean isDue = random.nextInt(5) > 0 && (toChap || text.contains("AuthMethod=") || due == 3);
            String keys = SECURITY[isDue ? due : random.nextInt(SECURITY.length)];
            answer.append(keys.replace("%", Long.toHexString(random.nextLong() | 1L << 62)));
        } else {
            for (int i = random.nextInt(3); i > 0; i--) {
                Key key = Key.values()[random.nextInt(Key.values().length)];
                answer.append(key.text()).append('=');
                answer.append(VALUES[random.nextInt(VALUES.length)]).append('|');
            }
        }
        return random.nextInt(40) == 0
                ? answer.append((char) random.nextInt(300)).toString()
                : answer.toString();
    }

    private void readRequest() {
        writer.flush();
        ByteBuf all = Unpooled.buffer();
        for (@Nullable ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        request.wrap(all, 0);
        require(request.dataSegmentLength() <= InitiatorLogin.MAX_DATA_SEGMENT_BYTES, "too long");
        text = all.toString(48, request.dataSegmentLength(), StandardCharsets.UTF_8);
    }
}
