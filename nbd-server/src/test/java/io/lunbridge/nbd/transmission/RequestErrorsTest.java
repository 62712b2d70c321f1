package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.blockStatus;
import static io.lunbridge.nbd.wire.Requests.cache;
import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.request;
import static io.lunbridge.nbd.wire.Requests.trim;
import static io.lunbridge.nbd.wire.Requests.write;
import static io.lunbridge.nbd.wire.Requests.zeroes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.FaultyBlockDevice;
import io.lunbridge.block.Feature;
import io.lunbridge.block.TestGeometry;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Reply;
import io.lunbridge.nbd.wire.Requests;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server must refuse and how (NBD "Error values"), and that it stays in step afterwards. */
class RequestErrorsTest {

    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int EOVERFLOW = 75;
    private static final int ENOTSUP = 95;
    private static final int SIZE = TransmissionHarness.SIZE;

    static Stream<Arguments> refused() {
        byte[] two = new byte[2];
        return Stream.of(
                Arguments.of("read across the end", read(1, SIZE - 1, 2), EINVAL),
                Arguments.of("read beyond the end", read(1, SIZE, 1), EINVAL),
                Arguments.of("read at 2^63", read(1, Long.MIN_VALUE, 1), EINVAL),
                Arguments.of("read at 2^64-1, whose end overflows", read(1, -1, 2), EINVAL),
                Arguments.of("read at 2^63-1, whose end overflows", read(1, Long.MAX_VALUE, 2), EINVAL),
                Arguments.of("read of nothing beyond the end", read(1, SIZE + 1, 0), EINVAL),
                Arguments.of("write across the end", write(1, SIZE - 1, two), ENOSPC),
                Arguments.of("write at 2^64-1", write(1, -1, two), ENOSPC),
                Arguments.of("zeroes across the end", zeroes(0, 1, SIZE - 1, 2), ENOSPC),
                Arguments.of("zeroes of 2^32-1", zeroes(0, 1, 0, 0xffffffffL), ENOSPC),
                Arguments.of("trim across the end", trim(0, 1, SIZE - 1, 2), EINVAL),
                Arguments.of("cache across the end", cache(1, SIZE - 1, 2), EINVAL),
                Arguments.of("status across the end", blockStatus(0, 1, SIZE - 1, 2), EINVAL),
                Arguments.of("status of nothing", blockStatus(0, 1, 0, 0), EINVAL),
                Arguments.of("resize, which is an extension", request(0, 8, 1, 0, 512), EINVAL),
                Arguments.of("unknown command", request(0, 0xffff, 1, 0, 512), EINVAL),
                Arguments.of("unknown flag", request(1 << 5, 0, 1, 0, 512), EINVAL),
                Arguments.of("NO_HOLE on READ", request(Requests.NO_HOLE, 0, 1, 0, 512), EINVAL),
                Arguments.of("REQ_ONE on READ", request(Requests.REQ_ONE, 0, 1, 0, 512), EINVAL),
                Arguments.of("DF on FLUSH", request(Requests.DF, 3, 1, 0, 0), EINVAL),
                Arguments.of("FAST_ZERO on TRIM", trim(Requests.FAST_ZERO, 1, 0, 512), EINVAL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefused(String what, byte[] request, int error) {
        try (TransmissionHarness nbd = TransmissionHarness.structured()) {
            nbd.send(request, flush(2));
            assertThat(nbd.replies())
                    .as(what)
                    .satisfiesExactly(
                            reply -> assertThat(reply.error()).isEqualTo(error),
                            reply -> assertThat(reply.cookie()).isEqualTo(2));
            assertThat(nbd.disk.bytes().extents(0, SIZE)).allMatch(extent -> extent.hole());
        }
    }

    @Test
    void readsAreRefusedByStructuredRepliesOnceNegotiated() {
        try (TransmissionHarness nbd = TransmissionHarness.structured()) {
            nbd.send(read(1, SIZE, 1));
            Reply reply = nbd.reply();
            assertThat(reply.type()).isEqualTo(Reply.ERROR);
            assertThat(reply.flags()).isEqualTo(1);
            assertThat(reply.message()).contains("request 0").contains("1 bytes at 1048576");
        }
    }

    @Test
    void dfNeedsStructuredReplies() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            nbd.send(request(Requests.DF, 0, 1, 0, 512));
            assertThat(nbd.reply().error()).isEqualTo(EINVAL);
        }
    }

    @Test
    void readOnlyExportsRefuseToModify() {
        try (TransmissionHarness nbd = TransmissionHarness.readOnly()) {
            nbd.expectData(5, 512);
            nbd.send(write(1, 0, new byte[512]), trim(0, 2, 0, 512), zeroes(0, 3, 0, 512), flush(4), read(5, 0, 512));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(EPERM, EPERM, EPERM, 0, 0);
        }
    }

    @Test
    void deviceThatBecomesReadOnlyRefusesFromThenOn() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            nbd.disk.change(TestGeometry.without(nbd.disk.geometry(), Feature.WRITE));
            nbd.send(write(1, 0, new byte[512]));
            assertThat(nbd.reply().error()).isEqualTo(EPERM);
        }
    }

    @Test
    void rangesFollowTheDevicesSize() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            nbd.disk.change(TestGeometry.resized(nbd.disk.geometry(), 2L * SIZE));
            nbd.send(write(1, SIZE, new byte[512]));
            nbd.disk.change(TestGeometry.resized(nbd.disk.geometry(), SIZE));
            nbd.send(write(2, SIZE, new byte[512]));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(0, ENOSPC);
        }
    }

    @Test
    void unalignedRequestsAreRefusedWhereTheDeviceHasBlocks() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            nbd.disk.change(TestGeometry.of(SIZE, 512, 1 << 20));
            nbd.send(read(1, 1, 512), read(2, 512, 511), write(3, 256, new byte[512]), trim(0, 4, 0, 100));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(EINVAL, EINVAL, EINVAL, EINVAL);
        }
    }

    @Test
    void tooLongReadsAreRefused() {
        try (TransmissionHarness nbd = TransmissionHarness.structured()) {
            nbd.disk.change(TestGeometry.of(1L << 30, 512, 1 << 20));
            nbd.send(read(1, 0, (1 << 20) + 512), request(Requests.DF, 0, 2, 0, (1 << 20) + 512));
            nbd.send(read(3, 0, 1 << 20));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(EINVAL, EOVERFLOW, 0);
        }
    }

    @Test
    void tooLongWritesAreConsumedUpToALimit() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            nbd.disk.change(TestGeometry.of(1L << 30, 512, 32 << 20));
            nbd.send(request(0, 1, 1, 0, 64 << 20));
            byte[] part = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                assertThat(nbd.replies()).isEmpty();
                nbd.send(part);
            }
            nbd.send(flush(2));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(EINVAL, 0);
            nbd.send(request(0, 1, 3, 0, (64 << 20) + 1));
            assertThat(nbd.channel.isOpen()).isFalse();
        }
    }

    @Test
    void fastZeroIsOfferedOrRefused() {
        try (TransmissionHarness nbd = TransmissionHarness.over(false, disk -> {
            disk.change(TestGeometry.without(disk.geometry(), Feature.FAST_ZERO));
            return disk;
        })) {
            nbd.send(zeroes(Requests.FAST_ZERO, 1, 0, 512), zeroes(0, 2, 0, 512));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(EINVAL, 0);
        }
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            nbd.send(zeroes(Requests.FAST_ZERO, 1, 0, 512), zeroes(Requests.FAST_ZERO | Requests.NO_HOLE, 2, 0, 512));
            nbd.disk.change(TestGeometry.without(nbd.disk.geometry(), Feature.FAST_ZERO));
            nbd.send(zeroes(Requests.FAST_ZERO, 3, 0, 512));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(0, 0, ENOTSUP);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "IO, 5, 5, 5",
        "INVALID, 22, 22, 22",
        "NOT_PERMITTED, 1, 1, 1",
        "NO_SPACE, 22, 28, 22",
        "UNSUPPORTED, 22, 22, 22",
        "NO_MEMORY, 12, 12, 12",
        "SHUT_DOWN, 108, 108, 108"
    })
    void deviceErrorsAreTranslatedByCommand(BlockError error, int onRead, int onWrite, int onTrim) {
        try (TransmissionHarness nbd = TransmissionHarness.over(
                true, disk -> new FaultyBlockDevice(disk).failing(all -> true).with(error))) {
            nbd.send(read(1, 0, 512), write(2, 0, new byte[512]), trim(0, 3, 0, 512), flush(4));
            assertThat(nbd.replies())
                    .extracting(Reply::error)
                    .startsWith(onRead, onWrite, onTrim)
                    .doesNotContain(0);
        }
    }

    @Test
    void onlyFastZeroesAreAnsweredNotSupported() {
        try (TransmissionHarness nbd = TransmissionHarness.over(
                false, disk -> new FaultyBlockDevice(disk).failing(all -> true).with(BlockError.UNSUPPORTED))) {
            nbd.send(zeroes(Requests.FAST_ZERO, 1, 0, 512), zeroes(0, 2, 0, 512));
            assertThat(nbd.replies()).extracting(Reply::error).containsExactly(ENOTSUP, EINVAL);
        }
    }

    @Test
    void refusedWriteDoesNotTouchTheMediumNorTheStream() {
        try (TransmissionHarness nbd = TransmissionHarness.simple()) {
            byte[] evil = Bytes.join(write(9, 0, new byte[] {1}), new byte[0]);
            nbd.send(write(1, SIZE - 10, evil), flush(2));
            assertThat(nbd.replies()).extracting(Reply::cookie).containsExactly(1L, 2L);
        }
    }
}
