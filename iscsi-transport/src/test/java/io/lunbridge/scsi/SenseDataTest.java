package io.lunbridge.scsi;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule R17: both formats, and answers that are shorter than they claim. */
class SenseDataTest {

    @ParameterizedTest
    @CsvSource({
        "70000500 0000000a 00000000 2100 0000 0000, ILLEGAL_REQUEST, 2100, false",
        "f0000300 0012340a 00000000 1100 0000 0000, MEDIUM_ERROR, 1100, false",
        "71000400 0000000a 00000000 4480 0000 0000, HARDWARE_ERROR, 4480, true",
        "72062900 00000000, UNIT_ATTENTION, 2900, false",
        "73072707 00000000, DATA_PROTECT, 2707, true",
        "7000, NO_SENSE, 0, false",
        "700005 00, ILLEGAL_REQUEST, 0, false",
        "70000600 0000000a 00000000 29, UNIT_ATTENTION, 2900, false",
        "7205, ILLEGAL_REQUEST, 0, false",
        "7f, NO_SENSE, 0, false",
    })
    void decodes(String hex, SenseKey key, String additional, boolean deferred) {
        SenseData expected = new SenseData(key, Integer.parseInt(additional, 16), deferred);
        assertThat(SenseData.decode(bytes(hex))).isEqualTo(expected);
    }

    @Test
    void noSenseAtAll() {
        assertThat(SenseData.decode(Unpooled.EMPTY_BUFFER)).isEqualTo(SenseData.NONE);
    }

    @Test
    void readsAsTheStandardPrintsIt() {
        assertThat(SenseData.decode(bytes("720521010000"))).hasToString("illegal request 21h/01h");
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
