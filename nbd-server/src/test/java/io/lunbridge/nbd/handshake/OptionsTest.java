package io.lunbridge.nbd.handshake;

import static io.lunbridge.nbd.handshake.HandshakeHarness.FIXED;
import static io.lunbridge.nbd.wire.Options.ABORT;
import static io.lunbridge.nbd.wire.Options.ACK;
import static io.lunbridge.nbd.wire.Options.ERR_INVALID;
import static io.lunbridge.nbd.wire.Options.ERR_SHUTDOWN;
import static io.lunbridge.nbd.wire.Options.ERR_TOO_BIG;
import static io.lunbridge.nbd.wire.Options.ERR_UNKNOWN;
import static io.lunbridge.nbd.wire.Options.ERR_UNSUP;
import static io.lunbridge.nbd.wire.Options.EXPORT_NAME;
import static io.lunbridge.nbd.wire.Options.GO;
import static io.lunbridge.nbd.wire.Options.INFO;
import static io.lunbridge.nbd.wire.Options.LIST;
import static io.lunbridge.nbd.wire.Options.REP_INFO;
import static io.lunbridge.nbd.wire.Options.SERVER;
import static io.lunbridge.nbd.wire.Options.STARTTLS;
import static io.lunbridge.nbd.wire.Options.STRUCTURED_REPLY;
import static io.lunbridge.nbd.wire.Options.exportName;
import static io.lunbridge.nbd.wire.Options.go;
import static io.lunbridge.nbd.wire.Options.info;
import static io.lunbridge.nbd.wire.Options.infoData;
import static io.lunbridge.nbd.wire.Options.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Options.OptionReply;
import io.lunbridge.nbd.wire.Requests;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each option's answers (NBD "Option types"), and that haggling goes on after an error. */
class OptionsTest {

    private static final int FLAGS = 0b1101_0110_1101;
    private static final int DF = 1 << 7;

    private final HandshakeHarness server = HandshakeHarness.greeted(FIXED);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void goAnswersExportThenAckAndEntersTransmission() {
        server.send(go("disk"));
        List<OptionReply> replies = server.replies();
        assertThat(replies).extracting(OptionReply::option).containsOnly(GO);
        assertThat(replies).extracting(OptionReply::type).containsExactly(REP_INFO, ACK);
        assertThat(replies.get(0).data()).isEqualTo(exportInfo(FLAGS));
        assertThat(server.isInTransmission()).isTrue();
    }

    @Test
    void requestsRightBehindGoAreServed() {
        server.send(go("disk"), Requests.flush(5));
        byte[] out = server.bytes();
        assertThat(Arrays.copyOfRange(out, out.length - 16, out.length))
                .isEqualTo(new Bytes().u32(0x67446698).u32(0).u64(5).toArray());
    }

    @Test
    void infoTellsAllThatIsAskedAndUnderstood() {
        server.send(info("disk", 3, 77, 2, 1, 0, 0xffff));
        List<OptionReply> replies = server.replies();
        assertThat(replies).extracting(OptionReply::type).containsExactly(REP_INFO, REP_INFO, REP_INFO, REP_INFO, ACK);
        assertThat(replies)
                .extracting(OptionReply::data)
                .contains(exportInfo(FLAGS))
                .contains(new Bytes().u16(1).text("disk").toArray())
                .contains(new Bytes().u16(2).text("the first").toArray())
                .contains(new Bytes().u16(3).u32(1).u32(4096).u32(32 << 20).toArray());
        assertThat(server.isInTransmission()).isFalse();
    }

    @Test
    void infoThenGoSayTheSame() {
        server.send(info("zweite Füllung", 0, 1, 2, 3));
        List<byte[]> informed = server.replies().stream().map(OptionReply::data).toList();
        server.send(go("zweite Füllung", 0, 1, 2, 3));
        assertThat(server.replies().stream().map(OptionReply::data).toList())
                .usingRecursiveComparison()
                .isEqualTo(informed);
    }

    @Test
    void emptyNameIsTheDefaultExport() {
        server.send(info("", 1));
        assertThat(server.replies().get(1).data())
                .isEqualTo(new Bytes().u16(1).text("disk").toArray());
    }

    @Test
    void sizesThatAreNotTheDefaultOnesAreToldUnasked() {
        server.disk.change(TestGeometry.of(1 << 20, 4096, 1 << 19));
        server.send(info("disk"));
        assertThat(server.replies())
                .extracting(OptionReply::data)
                .contains(new Bytes().u16(3).u32(4096).u32(4096).u32(1 << 19).toArray());
    }

    @Test
    void whoComesLaterIsToldTheNewSize() {
        for (long size : new long[] {3 << 20, 1 << 16}) {
            server.disk.change(TestGeometry.resized(server.disk.geometry(), size));
            server.send(info("disk"));
            assertThat(server.replies())
                    .extracting(OptionReply::data)
                    .anySatisfy(data -> assertThat(data)
                            .startsWith(new Bytes().u16(0).u64(size).toArray()));
        }
    }

    @Test
    void unknownExportLeavesTheClientHaggling() {
        server.send(go("nothing"));
        assertThat(server.reply().type()).isEqualTo(ERR_UNKNOWN);
        server.send(info("DISK"));
        assertThat(server.reply().type()).isEqualTo(ERR_UNKNOWN);
        server.send(go("disk"));
        assertThat(server.isInTransmission()).isTrue();
    }

    static Stream<Arguments> malformed() {
        byte[] good = infoData("disk", 3);
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of("no requests", Arrays.copyOf(good, 8)),
                Arguments.of("half a count", Arrays.copyOf(good, 9)),
                Arguments.of("fewer requests than counted", Arrays.copyOf(good, 11)),
                Arguments.of("more than counted", Arrays.copyOf(good, 13)),
                Arguments.of(
                        "name beyond the data",
                        new Bytes().u32(100).text("disk").toArray()),
                Arguments.of("name of 2^32-1", new Bytes().u32(-1).text("disk").toArray()),
                Arguments.of("name too long", infoData("x".repeat(4097))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void malformedInfoIsInvalid(String what, byte[] data) {
        server.send(option(INFO, data), option(GO, data), option(LIST));
        assertThat(server.replies())
                .as(what)
                .extracting(OptionReply::type)
                .containsExactly(ERR_INVALID, ERR_INVALID, SERVER, SERVER, ACK);
    }

    @Test
    void listNamesAllExportsInOrder() {
        server.send(option(LIST));
        assertThat(server.replies())
                .extracting(OptionReply::data)
                .containsExactly(
                        new Bytes().counted("disk").text("the first").toArray(),
                        new Bytes().counted("zweite Füllung").toArray(),
                        new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {LIST, STRUCTURED_REPLY})
    void optionsWithoutDataRefuseSome(int code) {
        server.send(option(code, new byte[1]));
        assertThat(server.reply().type()).isEqualTo(ERR_INVALID);
        server.send(option(code, new byte[1 << 20]));
        assertThat(server.reply().type()).isEqualTo(ERR_INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, STARTTLS, 11, 12, 0x7fffffff, -1})
    void unknownOptionsAreSkippedWithTheirData(int code) {
        server.send(option(code), option(code, new byte[777]), option(code, new byte[100_000]), option(LIST));
        assertThat(server.replies())
                .extracting(OptionReply::type)
                .containsExactly(ERR_UNSUP, ERR_UNSUP, ERR_UNSUP, SERVER, SERVER, ACK);
    }

    @Test
    void optionThatIsTooLongIsSkipped() {
        server.send(option(GO, new byte[HandshakeHandler.OPTION_BYTES_MAX + 1]), option(LIST));
        assertThat(server.replies()).extracting(OptionReply::type).containsExactly(ERR_TOO_BIG, SERVER, SERVER, ACK);
    }

    @Test
    void optionThatIsAbsurdlyLongIsClosed() {
        server.send(new Bytes().text("IHAVEOPT").u32(99).u32((64 << 20) + 1).toArray());
        assertThat(server.isOpen()).isFalse();
    }

    @Test
    void exportNameThatIsTooLongIsClosed() {
        server.send(exportName("x".repeat(4097)));
        assertThat(server.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 40_000})
    void abortIsAcknowledgedWhateverItCarries(int length) {
        server.send(option(ABORT, new byte[length]), option(LIST));
        assertThat(server.replies()).extracting(OptionReply::type).containsExactly(ACK);
        assertThat(server.isOpen()).isFalse();
    }

    @Test
    void dfIsOfferedAfterStructuredRepliesOnly() {
        server.send(option(STRUCTURED_REPLY), option(STRUCTURED_REPLY), info("disk"));
        List<OptionReply> replies = server.replies();
        assertThat(replies).extracting(OptionReply::type).containsExactly(ACK, ACK, REP_INFO, ACK);
        assertThat(replies.get(2).data()).isEqualTo(exportInfo(FLAGS | DF));
    }

    @Test
    void shuttingDownRefusesAllButAbort() {
        server.shuttingDown = true;
        server.send(option(LIST), go("disk"), option(STRUCTURED_REPLY), option(99, new byte[50_000]));
        assertThat(server.replies())
                .extracting(OptionReply::type)
                .containsOnly(ERR_SHUTDOWN)
                .hasSize(4);
        server.send(option(ABORT));
        assertThat(server.reply().type()).isEqualTo(ACK);
    }

    @Test
    void shuttingDownClosesOnExportName() {
        server.shuttingDown = true;
        server.send(option(EXPORT_NAME, new byte[0]));
        assertThat(server.bytes()).isEmpty();
        assertThat(server.isOpen()).isFalse();
    }

    @Test
    void answersToAClientThatDoesNotReadAreBounded() {
        byte[] lists = new byte[0];
        for (int i = 0; i < 1000; i++) {
            lists = Bytes.join(lists, option(LIST));
        }
        for (int i = 0; i < 200; i++) {
            server.add("export " + i, "d".repeat(4000));
        }
        server.send(lists);
        assertThat(server.bytes().length).isLessThan(8 << 20);
        assertThat(server.isOpen()).isFalse();
    }

    private static byte[] exportInfo(int flags) {
        return new Bytes().u16(0).u64(HandshakeHarness.SIZE).u16(flags).toArray();
    }
}
