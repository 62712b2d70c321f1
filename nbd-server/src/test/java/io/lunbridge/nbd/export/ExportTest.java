package io.lunbridge.nbd.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.MemoryBlockDevice;
import io.lunbridge.block.TestGeometry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a geometry becomes in NBD's words. */
class ExportTest {

    private static final int HAS_FLAGS = 1;
    private static final int READ_ONLY = 2;
    private static final int FLUSH = 4;

    @ParameterizedTest
    @CsvSource({
        "WRITE, 0b101",
        "ROTATIONAL, 0b1_0011",
        "SHARED, 0b1_0000_0011",
        "PREFETCH, 0b100_0000_0011",
        "FLUSH, 0b111",
        "DISCARD, 0b11",
        "WRITE_ZEROES, 0b11",
        "DURABLE_WRITE, 0b11"
    })
    void eachFeatureAlone(Feature feature, String flags) {
        assertThat(export(EnumSet.of(feature)).transmissionFlags(false))
                .isEqualTo(Integer.parseInt(flags.replace("0b", "").replace("_", ""), 2));
    }

    @ParameterizedTest
    @CsvSource({"DURABLE_WRITE, 3", "DISCARD, 5", "WRITE_ZEROES, 6"})
    void eachFeatureOfWritableDevices(Feature feature, int bit) {
        assertThat(export(EnumSet.of(Feature.WRITE, feature)).transmissionFlags(false))
                .isEqualTo(HAS_FLAGS | FLUSH | 1 << bit);
    }

    @Test
    void aClientThatCanBeToldLaterIsToldOfAWritableDisk() {
        Export writeProtected = export(EnumSet.of(Feature.ROTATIONAL, Feature.SHARED));
        assertThat(writeProtected.lastingTransmissionFlags()).isEqualTo(HAS_FLAGS | FLUSH | 1 << 4);
        Set<Feature> all = EnumSet.allOf(Feature.class);
        assertThat(new Export("", "", device(geometry(all)), true).lastingTransmissionFlags())
                .isEqualTo(HAS_FLAGS | READ_ONLY | FLUSH | 1 << 4);
    }

    @Test
    void fastZeroNeedsZeroes() {
        assertThat(export(EnumSet.of(Feature.WRITE, Feature.FAST_ZERO)).transmissionFlags(false))
                .isEqualTo(HAS_FLAGS | FLUSH);
        assertThat(export(EnumSet.of(Feature.WRITE, Feature.WRITE_ZEROES, Feature.FAST_ZERO))
                        .transmissionFlags(false))
                .isEqualTo(HAS_FLAGS | FLUSH | 1 << 6 | 1 << 11);
    }

    @Test
    void dfFollowsStructuredReplies() {
        assertThat(export(EnumSet.noneOf(Feature.class)).transmissionFlags(true))
                .isEqualTo(HAS_FLAGS | READ_ONLY | 1 << 7);
    }

    @Test
    void readOnlyExportOfAWritableDevice() {
        Export export = new Export("disk", "", device(geometry(EnumSet.allOf(Feature.class))), true);
        assertThat(export.writable()).isFalse();
        assertThat(export.transmissionFlags(false)).isEqualTo(0b101_0001_0111);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 4096, 33554432, 1/4096/33554432",
        "512, 512, 1048576, 512/512/1048576",
        "1, 1, 67108864, 1/512/33554432",
        "512, 1048576, 131072, 512/131072/131072",
        "512, 65536, 196608, 512/65536/196608",
        "4096, 4096, 4096, 4096/4096/4096"
    })
    void blockSizesKeepTheStandardsOrder(int block, int preferred, int most, String expected) {
        Export export = new Export("", "", device(new Geometry(1 << 20, block, preferred, most, Set.of())));
        assertThat(export.minimumBlockBytes() + "/" + export.preferredBlockBytes() + "/" + export.maximumPayloadBytes())
                .isEqualTo(expected);
    }

    @Test
    void namesAreStringsOfTheProtocol() {
        MemoryBlockDevice device = device(geometry(EnumSet.allOf(Feature.class)));
        assertThat(new Export("ü".repeat(2048), "", device).name()).hasSize(2048);
        assertThatIllegalArgumentException().isThrownBy(() -> new Export("ü".repeat(2049), "", device));
        assertThatIllegalArgumentException().isThrownBy(() -> new Export("", "x".repeat(4097), device));
        assertThatIllegalArgumentException().isThrownBy(() -> new Export("a\0b", "", device));
    }

    @Test
    void catalogueFindsByNameAndTheFirstByDefault() {
        MemoryBlockDevice device = device(geometry(EnumSet.allOf(Feature.class)));
        ExportCatalog catalog = new ExportCatalog();
        assertThat(catalog.find("")).isNull();
        Export one = new Export("one", "", device);
        Export two = new Export("two", "", device);
        catalog.add(one);
        catalog.add(two);
        assertThat(catalog.find("")).isSameAs(one);
        assertThat(catalog.find("two")).isSameAs(two);
        assertThat(catalog.find("three")).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> catalog.add(new Export("one", "again", device)));
        Export nameless = new Export("", "", device);
        catalog.add(nameless);
        assertThat(catalog.find("")).isSameAs(nameless);
        catalog.remove("one");
        assertThat(catalog.all()).containsExactly(two, nameless);
    }

    private static Export export(Set<Feature> features) {
        return new Export("disk", "", device(geometry(features)));
    }

    private static Geometry geometry(Set<Feature> features) {
        Geometry all = TestGeometry.of(1 << 20, 512, 1 << 20);
        return new Geometry(all.sizeBytes(), 512, 4096, 1 << 20, features);
    }

    private static MemoryBlockDevice device(Geometry geometry) {
        return new MemoryBlockDevice(new EmbeddedChannel().eventLoop(), geometry);
    }
}
