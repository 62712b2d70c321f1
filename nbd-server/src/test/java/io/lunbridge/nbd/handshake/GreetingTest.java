package io.lunbridge.nbd.handshake;

import static io.lunbridge.nbd.handshake.HandshakeHarness.FIXED;
import static io.lunbridge.nbd.handshake.HandshakeHarness.FIXED_NO_ZEROES;
import static io.lunbridge.nbd.wire.Options.clientFlags;
import static io.lunbridge.nbd.wire.Options.exportName;
import static io.lunbridge.nbd.wire.Options.go;
import static io.lunbridge.nbd.wire.Options.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Options;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first words, the old way in (EXPORT_NAME), and the time limit. */
class GreetingTest {

    private static final int FLAGS = 0b1101_0110_1101;

    @Test
    void greetsWithMagicAndBothFlags() {
        try (HandshakeHarness server = new HandshakeHarness()) {
            assertThat(server.bytes())
                    .isEqualTo(new Bytes().text("NBDMAGICIHAVEOPT").u16(3).toArray());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 1 << 31, 7, -1})
    void unknownClientFlagsAreDropped(int flags) {
        try (HandshakeHarness server = HandshakeHarness.greeted(clientFlags(flags))) {
            assertThat(server.bytes()).isEmpty();
            assertThat(server.isOpen()).isFalse();
        }
    }

    @Test
    void exportNameIsAnsweredWithZeroes() {
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED)) {
            server.send(exportName("disk"));
            assertThat(server.bytes())
                    .isEqualTo(new Bytes()
                            .u64(HandshakeHarness.SIZE)
                            .u16(FLAGS)
                            .raw(new byte[124])
                            .toArray());
            assertThat(server.isInTransmission()).isTrue();
        }
    }

    @Test
    void exportNameWithoutZeroes() {
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED_NO_ZEROES)) {
            server.send(exportName("zweite Füllung"));
            assertThat(server.bytes())
                    .isEqualTo(new Bytes().u64(HandshakeHarness.SIZE).u16(FLAGS).toArray());
        }
    }

    @Test
    void clientOfPlainNewstyleMayNameAnExportAndNothingElse() {
        try (HandshakeHarness server = HandshakeHarness.greeted(clientFlags(0))) {
            server.send(exportName(""));
            assertThat(server.bytes()).hasSize(8 + 2 + 124);
        }
        try (HandshakeHarness server = HandshakeHarness.greeted(clientFlags(2))) {
            server.send(go("disk"));
            assertThat(server.bytes()).isEmpty();
            assertThat(server.isOpen()).isFalse();
        }
    }

    @Test
    void unknownExportNameIsClosed() {
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED)) {
            server.send(exportName("Disk"));
            assertThat(server.bytes()).isEmpty();
            assertThat(server.isOpen()).isFalse();
        }
    }

    @Test
    void badOptionMagicIsClosed() {
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED)) {
            byte[] list = option(Options.LIST);
            list[0] ^= 1;
            server.send(list);
            assertThat(server.bytes()).isEmpty();
            assertThat(server.isOpen()).isFalse();
        }
    }

    @Test
    void handshakeHasATimeLimitAndTransmissionHasNone() {
        try (HandshakeHarness server = new HandshakeHarness()) {
            server.channel.freezeTime();
            server.channel.advanceTimeBy(HandshakeHandler.TIME_LIMIT_MILLIS + 10_000, TimeUnit.MILLISECONDS);
            server.channel.runScheduledPendingTasks();
            assertThat(server.isOpen()).isFalse();
        }
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED)) {
            server.send(go("disk"));
            server.channel.freezeTime();
            server.channel.advanceTimeBy(365, TimeUnit.DAYS);
            server.channel.runScheduledPendingTasks();
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void timeLimitIsNotProlongedByTalking() {
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED)) {
            server.channel.freezeTime();
            for (int i = 0; i < 8; i++) {
                server.send(option(Options.LIST));
                server.channel.advanceTimeBy(HandshakeHandler.TIME_LIMIT_MILLIS / 7, TimeUnit.MILLISECONDS);
                server.channel.runScheduledPendingTasks();
            }
            assertThat(server.isOpen()).isFalse();
        }
    }

    @Test
    void clientThatGoesAwayInTheMiddleLeavesNothing() {
        try (HandshakeHarness server = HandshakeHarness.greeted(FIXED)) {
            server.send(
                    new Bytes().text("IHAVEOPT").u32(7).u32(100).text("half").toArray());
            assertThat(server.channel.close().isSuccess()).isTrue();
            assertThat(server.bytes()).isEmpty();
        }
    }
}
