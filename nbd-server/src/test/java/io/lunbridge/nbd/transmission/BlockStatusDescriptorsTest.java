package io.lunbridge.nbd.transmission;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Extent;
import io.lunbridge.nbd.wire.Bytes;
import io.lunbridge.nbd.wire.Requests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Extents of any device, as a client is allowed to see them. */
class BlockStatusDescriptorsTest {

    @Test
    void nothingReachesBeyondTheRequest() {
        assertThat(encoded(0, 1000, data(600), hole(5L << 40)))
                .isEqualTo(new Bytes().u32(600).u32(0).u32(400).u32(3).toArray());
        assertThat(encoded(0, 600, data(600), hole(600)))
                .isEqualTo(new Bytes().u32(600).u32(0).toArray());
    }

    @Test
    void neighboursOfOneStatusAreOne() {
        assertThat(encoded(0, 1000, data(100), data(200), hole(300), hole(50)))
                .isEqualTo(new Bytes().u32(300).u32(0).u32(350).u32(3).toArray());
    }

    @Test
    void allFourStatesAreTold() {
        assertThat(encoded(0, 400, new Extent(100, true, false), new Extent(100, false, true), hole(100), data(100)))
                .isEqualTo(new Bytes()
                        .u32(100)
                        .u32(1)
                        .u32(100)
                        .u32(2)
                        .u32(100)
                        .u32(3)
                        .u32(100)
                        .u32(0)
                        .toArray());
    }

    @Test
    void oneMeansOne() {
        assertThat(encoded(Requests.REQ_ONE, 1000, data(100), data(100), hole(800)))
                .isEqualTo(new Bytes().u32(200).u32(0).toArray());
    }

    @Test
    void greatestLengthFits() {
        assertThat(encoded(0, 0xffffffffL, hole(1L << 50)))
                .isEqualTo(new Bytes().u32(0xffffffffL).u32(3).toArray());
    }

    private static byte[] encoded(int flags, long length, Extent... extents) {
        TransmissionHarness nbd = TransmissionHarness.structured();
        NbdRequest request = new NbdRequest(nbd.connection);
        request.begin(Unpooled.wrappedBuffer(Requests.blockStatus(flags, 1, 0, length)), 0);
        ByteBuf out = Unpooled.buffer();
        BlockStatusDescriptors.encode(out, request, List.of(extents));
        nbd.close();
        return ByteBufUtil.getBytes(out);
    }

    private static Extent data(long length) {
        return new Extent(length, false, false);
    }

    private static Extent hole(long length) {
        return new Extent(length, true, true);
    }
}
