package io.lunbridge.nbd.transmission;

import static io.lunbridge.nbd.wire.Requests.cache;
import static io.lunbridge.nbd.wire.Requests.flush;
import static io.lunbridge.nbd.wire.Requests.read;
import static io.lunbridge.nbd.wire.Requests.request;
import static io.lunbridge.nbd.wire.Requests.trim;
import static io.lunbridge.nbd.wire.Requests.write;
import static io.lunbridge.nbd.wire.Requests.zeroes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Reply;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and simple replies, as every client and the kernel speak them. */
class SimpleReplyTest {

    private final TransmissionHarness nbd = TransmissionHarness.simple();

    @AfterEach
    void close() {
        nbd.close();
    }

    @Test
    void writtenBytesAreReadBack() {
        byte[] data = Bytes.pattern(4096, 1);
        nbd.send(write(7, 8192, data));
        assertThat(nbd.reply()).usingRecursiveComparison().isEqualTo(success(7));
        assertThat(nbd.medium(8192, 4096)).isEqualTo(data);
        nbd.expectData(8, 4096).send(read(8, 8192, 4096));
        Reply reply = nbd.reply();
        assertThat(reply.cookie()).isEqualTo(8);
        assertThat(reply.data()).isEqualTo(data);
    }

    @Test
    void everyCommandIsAnswered() {
        nbd.expectData(1, 512);
        nbd.send(read(1, 0, 512), write(2, 0, new byte[512]), flush(3), trim(0, 4, 0, 512), cache(5, 0, 512));
        nbd.send(zeroes(0, 6, 0, 512));
        assertThat(nbd.replies()).extracting(Reply::error).containsExactly(0, 0, 0, 0, 0, 0);
    }

    @Test
    void cookieIsEchoedByteForByte() {
        nbd.send(flush(0xfedcba9876543210L), flush(-1), flush(0));
        assertThat(nbd.replies()).extracting(Reply::cookie).containsExactly(0xfedcba9876543210L, -1L, 0L);
    }

    @Test
    void zeroLengthIsHarmless() {
        nbd.send(read(1, 0, 0), write(2, 0, new byte[0]), trim(0, 3, 0, 0), zeroes(0, 4, 0, 0), cache(5, 0, 0));
        assertThat(nbd.replies()).extracting(Reply::error).containsExactly(0, 0, 0, 0, 0);
        assertThat(nbd.channel.isOpen()).isTrue();
    }

    @Test
    void lengthsBeyondThePayloadLimitAreFineWithoutPayload() {
        long huge = 0xfffffe00L;
        TransmissionHarness big = TransmissionHarness.simple();
        big.disk.change(io.lunbridge.block.TestGeometry.of(1L << 40, 512, 32 << 20));
        big.send(trim(0, 1, 512, huge), zeroes(0, 2, 512, huge), cache(3, 512, huge));
        assertThat(big.replies()).extracting(Reply::error).containsExactly(0, 0, 0);
        big.close();
    }

    @Test
    void blockStatusIsNotForClientsWithoutStructuredReplies() {
        nbd.send(request(0, 7, 1, 0, 512));
        assertThat(nbd.reply().error()).isEqualTo(22);
    }

    @Test
    void badMagicEndsTheConnectionAfterWhatCameBefore() {
        byte[] bad = flush(2);
        bad[3] ^= 1;
        nbd.send(flush(1), bad, flush(3));
        assertThat(nbd.replies()).extracting(Reply::cookie).isEqualTo(List.of(1L));
        assertThat(nbd.channel.isOpen()).isFalse();
    }

    private static Reply success(long cookie) {
        return new Reply(Reply.SIMPLE, 0, cookie, 0, new byte[0]);
    }
}
