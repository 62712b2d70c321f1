package io.lunbridge.iscsi.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RamStoreTest {

    @Test
    void agreesWithAnArray() {
        int sizeBytes = 9 << 20;
        byte[] model = new byte[sizeBytes];
        RamStore store = new RamStore(sizeBytes, sizeBytes);
        Random random = new Random(8);
        for (int n = 0; n < 2000; n++) {
            int at = random.nextInt(sizeBytes);
            int lengthBytes = random.nextInt(Math.min(sizeBytes - at, 20_000) + 1);
            switch (random.nextInt(3)) {
                case 0 -> {
                    byte[] data = new byte[lengthBytes];
                    random.nextBytes(data);
                    assertThat(store.write(at, lengthBytes, Unpooled.wrappedBuffer(data)))
                            .isTrue();
                    System.arraycopy(data, 0, model, at, lengthBytes);
                }
                case 1 -> {
                    store.discard(at, lengthBytes);
                    Arrays.fill(model, at, at + lengthBytes, (byte) 0);
                }
                default -> {
                    ByteBuf out = Unpooled.buffer();
                    store.read(at, lengthBytes, out);
                    assertThat(ByteBufUtil.getBytes(out)).isEqualTo(Arrays.copyOfRange(model, at, at + lengthBytes));
                }
            }
        }
        store.discard(0, sizeBytes);
        assertThat(store.residentBytes()).isZero();
    }

    @Test
    void aTerabyteCostsNothingUntilItIsWritten() {
        RamStore store = new RamStore(1L << 40, 1 << 20);
        long end = (1L << 40) - 512;
        assertThat(store.write(end, 512, Unpooled.wrappedBuffer(new byte[512]))).isTrue();
        assertThat(store.residentBytes()).isEqualTo(RamStore.PAGE_BYTES);
        assertThat(store.isAllocated(end)).isTrue();
        assertThat(store.isAllocated(0)).isFalse();
        store.discard(0, 1L << 40);
        assertThat(store.residentBytes()).isZero();
    }

    @Test
    void memoryIsBounded() {
        RamStore store = new RamStore(1 << 20, 2 * RamStore.PAGE_BYTES);
        ByteBuf data = Unpooled.wrappedBuffer(new byte[3 * RamStore.PAGE_BYTES]);
        assertThat(store.write(0, data.readableBytes(), data)).isFalse();
        assertThat(store.residentBytes()).isEqualTo(2L * RamStore.PAGE_BYTES);
    }
}
