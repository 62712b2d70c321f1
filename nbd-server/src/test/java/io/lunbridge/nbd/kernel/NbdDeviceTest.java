package io.lunbridge.nbd.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NbdDeviceTest {

    @Test
    void readsPathAndName() throws KernelException {
        assertThat(NbdDevice.parse("/dev/nbd0")).isEqualTo(new NbdDevice(0));
        assertThat(NbdDevice.parse("nbd1048575")).isEqualTo(new NbdDevice(1048575));
        assertThat(new NbdDevice(12)).hasToString("/dev/nbd12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nbd",
                "0",
                "/dev/nbd0p1",
                "/dev/sda",
                "nbd-1",
                "nbd01",
                "nbd1048576",
                "nbd9999999",
                "nbd99999999999",
                "/dev/../dev/nbd0",
                "nbd0 ",
                "nbd0\n"
            })
    void refusesAnythingElse(String name) {
        assertThatThrownBy(() -> NbdDevice.parse(name))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(KernelException.Kind.BAD_DEVICE))
                .hasMessageContaining("/dev/nbd0");
    }

    @Test
    void ownsItsPartitionsOnly() {
        NbdDevice device = new NbdDevice(1);
        assertThat(device.owns("nbd1")).isTrue();
        assertThat(device.owns("nbd1p15")).isTrue();
        assertThat(device.owns("nbd11")).isFalse();
        assertThat(device.owns("nbd1p")).isFalse();
        assertThat(device.owns("nbd11p1")).isFalse();
    }
}
