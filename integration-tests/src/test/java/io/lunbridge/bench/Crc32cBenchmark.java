package io.lunbridge.bench;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a digest costs at the least: the JDK's CRC32C over bytes outside of the heap, as received ones are. */
@State(Scope.Thread)
public class Crc32cBenchmark {

    private static final int HEADER_BYTES = 48;
    private static final int BLOCK_BYTES = 4096;
    private static final int SEGMENT_BYTES = 64 << 10;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(SEGMENT_BYTES);

    @Benchmark
    public long header() {
        return digest(HEADER_BYTES);
    }

    @Benchmark
    public long block() {
        return digest(BLOCK_BYTES);
    }

    @Benchmark
    public long segment() {
        return digest(SEGMENT_BYTES);
    }

    private long digest(int lengthBytes) {
        crc.reset();
        crc.update(bytes.clear().limit(lengthBytes));
        return crc.getValue();
    }
}
