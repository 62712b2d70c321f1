package io.lunbridge.nbd.kernel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetlinkReaderTest {

    /** The kernel's answer to CONNECT: an INDEX, then the ACK that echoes the request's header. */
    private static final String INDEX_5 = "1c000000 1d00 0000 07000000 39300000 01 00 0000 0800 0100 05000000";

    private static final String ACK =
            "24000000 0200 0001 07000000 39300000 00000000 7c000000 1d00 0500 07000000 00000000";
    private static final String BUSY =
            "24000000 0200 0000 08000000 39300000 f0ffffff 7c000000 1d00 0500 08000000 00000000";

    @BeforeEach
    void goldenBytesAreLittleEndian() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void walksAnAnswerAndItsAck() {
        NetlinkReader reader = reader(INDEX_5 + ACK);
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(0x1d);
        assertThat(reader.sequence()).isEqualTo(7);
        ByteBuffer index = requireNonNull(reader.attribute(NbdGenetlink.INDEX));
        assertThat(index.getInt()).isEqualTo(5);
        assertThat(reader.attribute(9)).isNull();
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(NetlinkReader.TYPE_ERROR);
        assertThat(reader.errno()).isZero();
        assertThat(reader.next()).isFalse();
    }

    @Test
    void givesTheErrnoPositive() {
        NetlinkReader reader = reader(BUSY);
        assertThat(reader.next()).isTrue();
        assertThat(reader.errno()).isEqualTo(Native.EBUSY);
    }

    @Test
    void findsAnAttributeBehindAPaddedOneAndIgnoresItsNestedBit() {
        NetlinkReader reader =
                reader("24000000 1000 0000 07000000 00000000 01 02 0000 0800 0200 6e626400 0600 0180 1d000000");
        assertThat(reader.next()).isTrue();
        ByteBuffer id = requireNonNull(reader.attribute(NbdGenetlink.CONTROL_ATTRIBUTE_FAMILY_ID));
        assertThat(id.remaining()).isEqualTo(2);
        assertThat(id.getShort()).isEqualTo((short) 0x1d);
    }

    @Test
    void stopsAtNonsense() {
        assertThat(reader("").next()).isFalse();
        assertThat(reader("0f000000 1d00 0000 07000000 00000000").next()).isFalse();
        assertThat(reader("ffffff7f 1d00 0000 07000000 00000000").next()).isFalse();
        assertThat(reader("f0ffffff 1d00 0000 07000000 00000000").next()).isFalse();
        NetlinkReader attributes = reader("1c000000 1d00 0000 07000000 00000000 01 00 0000 0000 0100 05000000");
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.attribute(1)).isNull();
        NetlinkReader tooLong = reader("1c000000 1d00 0000 07000000 00000000 01 00 0000 ff00 0100 05000000");
        assertThat(tooLong.next()).isTrue();
        assertThat(tooLong.attribute(1)).isNull();
    }

    private static NetlinkReader reader(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new NetlinkReader(bytes, bytes.length);
    }
}
