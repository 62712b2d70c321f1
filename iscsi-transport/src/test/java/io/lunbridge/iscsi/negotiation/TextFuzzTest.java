package io.lunbridge.iscsi.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Seeded nonsense as text and as a peer's negotiation: nothing but {@link NegotiationException} comes out. */
@Tag("once")
class TextFuzzTest {

    /** Of each test. */
    private static final long INPUTS = Long.parseLong(System.getenv().getOrDefault("LUNBRIDGE_FUZZ_INPUTS", "100000"));

    private static final Pattern KEY = Pattern.compile("[A-Z][A-Za-z0-9.+@_#-]{0,62}");
    private static final Key[] KEYS = Key.values();
    private static final String[] VALUES = {
        "Yes",
        "No",
        "None",
        "CRC32C,None",
        "0",
        "1",
        "512",
        "16777216",
        "-1",
        "0x200",
        "Reject",
        "Irrelevant",
        "",
        ",,",
        "99999999999999999999",
        "NotUnderstood",
        "[::1]:3260,1",
        "host:0",
        "é"
    };

    @Test
    void anyTextIsReadOrRefused() {
        Random random = new Random(3);
        long refused = 0;
        for (long n = 0; n < INPUTS; n++) {
            byte[] bytes = new byte[random.nextInt(120)];
            for (int i = 0; i < bytes.length; i++) {
                boolean special = random.nextInt(6) == 0;
                bytes[i] = (byte) (special ? "=\0\0=A1".charAt(random.nextInt(6)) : 'A' + random.nextInt(58));
            }
            if (bytes.length > 0 && random.nextInt(3) > 0) {
                bytes[bytes.length - 1] = 0;
            }
            refused += isAccepted(bytes) ? 0 : 1;
        }
        assertThat(refused).isBetween(INPUTS / 10, INPUTS - 100);
    }

    private static boolean isAccepted(byte[] bytes) {
        TextInput input = new TextInput();
        try {
            input.add(Unpooled.wrappedBuffer(bytes));
            for (KeyValue pair : input.pairs()) {
                if (!KEY.matcher(pair.key()).matches() || pair.value().indexOf('\0') >= 0) {
                    throw new AssertionError(pair.toString());
                }
            }
            return true;
        } catch (NegotiationException e) {
            return false;
        }
    }

    @Test
    void anyPairsAreAnsweredOrRefused() {
        Random random = new Random(4);
        for (long n = 0; n < INPUTS; n++) {
            boolean discovery = random.nextBoolean();
            KeyNegotiation negotiation = random.nextBoolean()
                    ? KeyNegotiation.ofInitiator(KeyOffer.forSpeed(), discovery)
                    : KeyNegotiation.ofTarget(KeyOffer.forSpeed(), discovery);
            if (random.nextBoolean()) {
                negotiation.propose();
            }
            receiveSome(negotiation, random);
            checkSane(negotiation.result());
        }
    }

    private static void receiveSome(KeyNegotiation negotiation, Random random) {
        List<KeyValue> answers = new ArrayList<>();
        try {
            for (int i = random.nextInt(5); i > 0; i--) {
                String value = VALUES[random.nextInt(VALUES.length)];
                negotiation.receive(KeyValue.of(KEYS[random.nextInt(KEYS.length)], value), answers);
            }
        } catch (NegotiationException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static void checkSane(NegotiatedKeys result) {
        NegotiatedKeys.Lengths lengths = result.lengths();
        boolean sane = lengths.maxSendBytes() >= 512
                && lengths.firstBurstBytes() >= 512
                && lengths.firstBurstBytes() <= lengths.maxBurstBytes()
                && lengths.maxBurstBytes() <= 0xffffff
                && result.flow().maxOutstandingR2t() >= 1;
        if (!sane) {
            throw new AssertionError(result.toString());
        }
    }

    @Test
    void anyBinaryValueIsReadOrRefused() {
        Random random = new Random(6);
        long accepted = 0;
        for (long n = 0; n < INPUTS; n++) {
            String prefix = random.nextInt(8) == 0 ? "" : random.nextBoolean() ? "0x" : "0B";
            int maxBytes = random.nextInt(40);
            KeyValue pair = new KeyValue("CHAP_C", prefix + digits(random));
            try {
                byte[] bytes = BinaryValue.parse(pair, maxBytes).bytes();
                assertThat(bytes.length).isBetween(1, maxBytes);
                String again = new BinaryValue(bytes, random.nextBoolean()).text();
                assertThat(BinaryValue.parse(new KeyValue("CHAP_R", again), maxBytes)
                                .bytes())
                        .isEqualTo(bytes);
                accepted++;
            } catch (NegotiationException e) {
                assertThat(e.getMessage()).startsWith("CHAP_C");
            }
        }
        assertThat(accepted).isBetween(INPUTS / 20, INPUTS - INPUTS / 20);
    }

    private static String digits(Random random) {
        String alphabet = random.nextInt(4) == 0 ? "0123456789abcdefXyz+/=é\t" : "0123456789abcdefABCDEF";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(50) == 0 ? 9000 : 60); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    void anyAddressIsReadOrRefused() {
        Random random = new Random(5);
        long accepted = 0;
        for (long n = 0; n < INPUTS; n++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append("a1:[],.-65535".charAt(random.nextInt(13)));
            }
            try {
                TargetAddress address = TargetAddress.parse(text.toString());
                boolean sane = address.port() >= 1
                        && address.port() <= 65535
                        && !address.host().isEmpty();
                accepted += sane ? 1 : INPUTS;
            } catch (NegotiationException e) {
                assertThat(e.getMessage()).contains("TargetAddress");
            }
        }
        assertThat(accepted).isBetween(1L, INPUTS - 1);
    }
}
