package io.lunbridge.nbd.handshake;

import static io.lunbridge.nbd.handshake.HandshakeHarness.FIXED;
import static io.lunbridge.nbd.wire.Options.LIST_META_CONTEXT;
import static io.lunbridge.nbd.wire.Options.SET_META_CONTEXT;
import static io.lunbridge.nbd.wire.Options.STRUCTURED_REPLY;
import static io.lunbridge.nbd.wire.Options.go;
import static io.lunbridge.nbd.wire.Options.info;
import static io.lunbridge.nbd.wire.Options.metaContext;
import static io.lunbridge.nbd.wire.Options.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Options;
import io.lunbridge.nbd.wire.Requests;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A whole conversation, torn and spoilt at every byte and at random: the server may answer errors or close, but no
 * exception leaves a connection and no buffer stays behind (the leak count of the test class).
 */
class HostileInputTest {

    private static final int RANDOM_INPUTS = 100_000;

    private static final byte[] CONVERSATION = Bytes.join(
            FIXED,
            option(Options.LIST),
            option(STRUCTURED_REPLY),
            metaContext(LIST_META_CONTEXT, "disk", "base:"),
            metaContext(SET_META_CONTEXT, "disk", "base:allocation"),
            info("disk", 0, 1, 2, 3),
            go("disk", 3),
            Requests.write(1, 100, Bytes.pattern(64, 1)),
            Requests.read(2, 100, 64),
            Requests.blockStatus(0, 3, 0, 4096),
            Requests.zeroes(Requests.NO_HOLE, 4, 0, 512),
            Requests.trim(0, 5, 512, 512),
            Requests.flush(6),
            Requests.disc());

    @Test
    void tornOnceAtEveryByte() {
        byte[] expected = converse(CONVERSATION, CONVERSATION.length);
        for (int cut = 1; cut < CONVERSATION.length; cut++) {
            assertThat(converse(CONVERSATION, cut)).as("cut at %s", cut).isEqualTo(expected);
        }
    }

    @Test
    void oneByteAtATime() {
        try (HandshakeHarness server = new HandshakeHarness()) {
            for (byte each : CONVERSATION) {
                server.send(new byte[] {each});
            }
            assertThat(server.bytes()).isEqualTo(converse(CONVERSATION, CONVERSATION.length));
        }
    }

    @Test
    void endedAtEveryByte() {
        for (int end = 0; end < CONVERSATION.length; end++) {
            try (HandshakeHarness server = new HandshakeHarness()) {
                server.send(Arrays.copyOf(CONVERSATION, end));
                assertThat(server.channel.close().isSuccess()).isTrue();
                server.channel.checkException();
            }
        }
    }

    @Test
    void spoiltAtEveryByte() {
        for (int at = 0; at < CONVERSATION.length; at++) {
            for (int mask : new int[] {0x01, 0x80, 0xff}) {
                byte[] spoilt = CONVERSATION.clone();
                spoilt[at] ^= (byte) mask;
                converse(spoilt, spoilt.length);
            }
        }
    }

    @Test
    void spoiltAtRandom() {
        long seed = Long.getLong("lunbridge.seed", 20261122);
        Random random = new Random(seed);
        for (int input = 0; input < RANDOM_INPUTS; input++) {
            byte[] spoilt = spoil(random);
            try {
                converse(spoilt, 1 + random.nextInt(spoilt.length));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", input " + input, e);
            }
        }
    }

    private static byte[] spoil(Random random) {
        byte[] spoilt = Arrays.copyOf(CONVERSATION, 5 + random.nextInt(CONVERSATION.length - 4));
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(spoilt.length);
            switch (random.nextInt(4)) {
                case 0 -> spoilt[at] = (byte) random.nextInt();
                case 1 -> spoilt[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(spoilt, at, Math.min(spoilt.length, at + 4), (byte) (random.nextInt(2) - 1));
                default -> System.arraycopy(spoilt, at, spoilt, at / 2, spoilt.length - at);
            }
        }
        return spoilt;
    }

    private static byte[] converse(byte[] stream, int cut) {
        try (HandshakeHarness server = new HandshakeHarness()) {
            server.send(Arrays.copyOfRange(stream, 0, cut));
            if (cut < stream.length && server.isOpen()) {
                server.send(Arrays.copyOfRange(stream, cut, stream.length));
            }
            server.channel.checkException();
            return server.bytes();
        }
    }
}
