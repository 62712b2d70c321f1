package io.lunbridge.iscsi.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded nonsense, some of it near to sense: nothing but {@link PduException} comes out, and no buffer stays behind. */
@Tag("once")
class PduReaderFuzzTest {

    /** Streams of each test; LUNBRIDGE_FUZZ_INPUTS says how many there are of both. */
    private static final long STREAMS =
            Long.parseLong(System.getenv().getOrDefault("LUNBRIDGE_FUZZ_INPUTS", "100000")) / 2;

    private static final int LIMIT_BYTES = 600;
    private static final Opcode[] ALL = Opcode.values();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anyBytesAreReadOrRefused(boolean responses) {
        Random random = new Random(responses ? 1 : 2);
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);
        long refused = 0;
        for (long stream = 0; stream < STREAMS; stream++) {
            try (ReceivedPdus received = new ReceivedPdus()) {
                PduReader reader = responses
                        ? PduReader.ofResponses(received, LIMIT_BYTES)
                        : PduReader.ofRequests(received, LIMIT_BYTES);
                boolean digests = random.nextInt(8) == 0;
                reader.digests(digests, digests);
                refused += feed(reader, stream(random, responses), random, allocator) ? 0 : 1;
                reader.close();
            }
            assertThat(allocator.metric().usedHeapMemory())
                    .as("stream %d", stream)
                    .isZero();
        }
        assertThat(refused).isBetween(STREAMS / 10, STREAMS * 9 / 10);
    }

    private static boolean feed(PduReader reader, byte[] wire, Random random, UnpooledByteBufAllocator allocator) {
        int at = 0;
        while (at < wire.length) {
            int n = Math.min(wire.length - at, 1 + random.nextInt(random.nextBoolean() ? 8 : 700));
            ByteBuf in = allocator.heapBuffer(n).writeBytes(wire, at, n);
            at += n;
            try {
                reader.read(in);
            } catch (PduException e) {
                return false;
            }
        }
        return true;
    }

    /** A few PDUs with a plausible opcode and length, then some bytes changed. */
    private static byte[] stream(Random random, boolean responses) {
        byte[] wire = new byte[48 + random.nextInt(1500)];
        int at = 0;
        while (at + 48 <= wire.length) {
            int dataBytes = random.nextInt(4) == 0 ? 0 : random.nextInt(LIMIT_BYTES);
            Opcode opcode = ALL[responses ? 8 + random.nextInt(ALL.length - 8) : random.nextInt(8)];
            wire[at] = (byte) opcode.code();
            wire[at + 6] = (byte) (dataBytes >> 8);
            wire[at + 7] = (byte) dataBytes;
            at += 48 + dataBytes + PduReader.padBytes(dataBytes);
        }
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            wire[random.nextInt(Math.min(wire.length, 200))] = (byte) random.nextInt();
        }
        return wire;
    }
}
