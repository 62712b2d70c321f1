package io.lunbridge.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.block.Geometry;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bytes were written by hand from {@code linux/netlink.h}, {@code genetlink.h} and {@code nbd-netlink.h}. */
class NbdGenetlinkTest {

    private static final int FAMILY = 0x1d;
    private static final int SEQUENCE = 7;

    @BeforeEach
    void goldenBytesAreLittleEndian() {
        assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void asksForTheFamilyByName() {
        assertThat(NbdGenetlink.getFamily(SEQUENCE))
                .isEqualTo(bytes("1c000000 1000 0500 07000000 00000000", "03 01 0000", "0800 0200 6e626400"));
    }

    @Test
    void connectsThePinnedDevice() {
        assertThat(NbdGenetlink.connect(FAMILY, SEQUENCE, setup(new NbdDevice(3)), 42))
                .isEqualTo(bytes(
                        "78000000 1d00 0500 07000000 00000000",
                        "01 01 0000",
                        "0800 0100 03000000",
                        "0c00 0200 0000004001000000",
                        "0c00 0300 0002000000000000",
                        "0c00 0400 0000000000000000",
                        "0c00 0500 2d00000000000000",
                        "0c00 0800 5802000000000000",
                        "0e00 0a00 69716e2e783a792f30 00 0000",
                        "1000 0780",
                        "0c00 0180",
                        "0800 0100 2a000000"));
    }

    @Test
    void leavesTheIndexOutWhenTheKernelChooses() {
        byte[] pinned = NbdGenetlink.connect(FAMILY, SEQUENCE, setup(new NbdDevice(3)), 42);
        byte[] free = NbdGenetlink.connect(FAMILY, SEQUENCE, setup(null), 42);
        assertThat(free).hasSize(pinned.length - 8);
        assertThat(HexFormat.of().formatHex(free, 20, 24)).isEqualTo("0c000200");
    }

    @Test
    void disconnectsByIndex() {
        assertThat(NbdGenetlink.disconnect(FAMILY, SEQUENCE, 258))
                .isEqualTo(bytes("1c000000 1d00 0500 07000000 00000000", "02 01 0000", "0800 0100 02010000"));
    }

    @Test
    void givesAConnectedDeviceAnotherSocketAndNeitherSizeNorTimeout() {
        assertThat(NbdGenetlink.reconnect(FAMILY, SEQUENCE, claim(), 42))
                .isEqualTo(bytes(
                        "48000000 1d00 0500 07000000 00000000",
                        "03 01 0000",
                        "0800 0100 03000000",
                        "0e00 0a00 69716e2e783a792f30 00 0000",
                        "0c00 0800 5802000000000000",
                        "1000 0780",
                        "0c00 0180",
                        "0800 0100 2a000000"));
    }

    @Test
    void resizesWithoutASocket() {
        assertThat(NbdGenetlink.resize(FAMILY, SEQUENCE, claim(), 6L << 30))
                .isEqualTo(bytes(
                        "38000000 1d00 0500 07000000 00000000",
                        "03 01 0000",
                        "0800 0100 03000000",
                        "0e00 0a00 69716e2e783a792f30 00 0000",
                        "0c00 0200 0000008001000000"));
    }

    private static DeviceClaim claim() {
        return new DeviceClaim(new NbdDevice(3), "iqn.x:y/0", 600);
    }

    private static DeviceSetup setup(@Nullable NbdDevice device) {
        Geometry geometry = new Geometry(5L << 30, 512, 4096, 1 << 20, Set.of());
        return new DeviceSetup(device, geometry, 0x2d, 600, "iqn.x:y/0");
    }

    private static byte[] bytes(String... hex) {
        return HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
    }
}
