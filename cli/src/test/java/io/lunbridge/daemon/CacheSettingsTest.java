package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CacheSettingsTest {

    private static final LunUrl URL = LunUrl.parse("iscsi://h/iqn.a:b/0");
    private static final CacheSettings SMALL = CacheSettings.of(1 << 20, 0);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"64M | 67108864 | 0", "1G,1M | 1073741824 | 1048576", "0 | 0 | 0", " 1M , 16K | 1048576 | 16384"})
    void isReadAsItIsWritten(String text, long sizeBytes, int readAheadBytes) {
        assertThat(CacheSettings.parse(text)).isEqualTo(new CacheSettings(sizeBytes, readAheadBytes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | is no size",
                "1M,1M,1M | is not SIZE",
                "4K | makes no sense",
                "5T | makes no sense",
                "1M,1 | makes no sense",
                "1M,1G | makes no sense",
                "0,1M | there must be a cache"
            })
    void whatMakesNoSenseIsSaid(String text, String reason) {
        assertThatThrownBy(() -> CacheSettings.parse(text)).hasMessageContaining(reason);
        assertThatThrownBy(() -> CacheSettings.ofEnvironment(Map.of(CacheSettings.VARIABLE, text)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(CacheSettings.VARIABLE);
    }

    @Test
    void anEnvironmentThatSaysNothingMeansNone() throws Exception {
        assertThat(CacheSettings.ofEnvironment(Map.of())).isEqualTo(CacheSettings.NONE);
    }

    @Test
    void noCacheBesideAnotherDeviceThatWrites() throws Exception {
        DiskRequest cached = DiskRequest.whole(URL, false).withCache(SMALL);
        DiskRequest part = new DiskRequest(URL, false, 4096, 4096L);
        assertThatThrownBy(() -> part.requireNoCacheBetween(cached)).hasMessageContaining("has a cache");
        assertThatThrownBy(() -> cached.requireNoCacheBetween(part)).hasMessageContaining("has a cache");
        part.requireNoCacheBetween(part);
        new DiskRequest(URL, true, 4096, 4096L).requireNoCacheBetween(cached);
        new DiskRequest(URL, false, 8192, null).requireNoCacheBetween(part.withCache(SMALL));
        DiskRequest.whole(LunUrl.parse("iscsi://h/iqn.a:b/1"), false).requireNoCacheBetween(cached);
    }
}
