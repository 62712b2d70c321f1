package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a disk does about what its unit tells unasked. */
class AttentionsTest {

    private static final String BLOCK_OF_DATA = "5a".repeat(512);
    private static final String CAPACITY_OF_2_MIB = "0000000000000fff" + "00000200" + "0000c000" + "00".repeat(16);
    private static final String CAPACITY_OF_512_KIB = "00000000000003ff" + "00000200" + "0000c000" + "00".repeat(16);
    private static final String PROTECTED = "17009000" + "081204" + "00".repeat(17);
    private static final String WRITABLE = "17001000" + "081204" + "00".repeat(17);
    private static final String WRITE_PROTECTED = "02:7000070000000000000000002700";

    private final FakeUnit unit = new FakeUnit().always(FakeUnit.READ_16, BLOCK_OF_DATA);
    private final Outcomes outcomes = new Outcomes();
    private final List<Geometry> announced = new ArrayList<>();

    @AfterEach
    void close() {
        unit.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2900, 1201 9e10 1a08",
        "2a01, 1a08",
        "2a03, ''",
        "2a06, ''",
        "2a07, ''",
        "2a09, 1201 9e10",
        "3807, ''",
        "3f03, 1200 0000 1201 9e10 1a08",
        "3f05, 1200 0000 1201 9e10 1a08",
        "3f0e, 1200 0000 1201 9e10 1a08",
        "2800, 1200 0000 1201 9e10 1a08",
        "7777, 1200 0000 1201 9e10 1a08"
    })
    void eachAsksAgainWhatIsInDoubtAndNoneIsAnError(String code, String asked) {
        open();
        unit.next(FakeUnit.READ_16, attention(code));
        unit.disk().read(0, 512, outcomes);
        unit.run();
        assertThat(outcomes.told).containsExactly("512 bytes");
        assertThat(unit.cdbs.stream().map(cdb -> cdb.substring(0, 4)).filter(cdb -> !cdb.equals("8800")))
                .containsAll(List.of(asked.isEmpty() ? new String[0] : asked.split(" ")));
        assertThat(unit.cdbs.size() > 2).isEqualTo(!asked.isEmpty());
    }

    @Test
    void aGrownAndAShrunkUnitAreAnnounced() {
        open();
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", CAPACITY_OF_2_MIB).next(FakeUnit.READ_16, attention("2a09"));
        unit.disk().read(0, 512, outcomes);
        unit.run();
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", CAPACITY_OF_512_KIB).next(FakeUnit.READ_16, attention("2a09"));
        unit.disk().read(0, 512, outcomes);
        unit.run();
        assertThat(announced).extracting(Geometry::sizeBytes).containsExactly(2L << 20, 512L << 10);
        assertThat(unit.disk().geometry()).isEqualTo(announced.get(1));
        assertThat(outcomes.told).containsExactly("512 bytes", "512 bytes");
    }

    @Test
    void newsThatComeWhileAskingAreAskedAsWell() {
        open();
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", CAPACITY_OF_2_MIB)
                .next(FakeUnit.READ_16, attention("2a01"))
                .next(FakeUnit.MODE_SENSE_6, attention("2a09"));
        unit.disk().read(0, 512, outcomes);
        unit.passMillis(100);
        assertThat(announced).extracting(Geometry::sizeBytes).containsExactly(2L << 20);
    }

    @Test
    void anAsynchronousMessageIsNewsToo() {
        open();
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", CAPACITY_OF_2_MIB);
        unit.tell(2, attention("2a09"));
        unit.run();
        assertThat(announced).as("of another unit").isEmpty();
        unit.tell(1, attention("2a09"));
        unit.run();
        assertThat(announced).extracting(Geometry::sizeBytes).containsExactly(2L << 20);
    }

    @Test
    void aWriteThatIsRefusedMakesTheDiskReadOnlyUntilModeSenseSaysOtherwise() {
        open();
        unit.always(FakeUnit.WRITE_16, WRITE_PROTECTED).always(FakeUnit.MODE_SENSE_6, PROTECTED);
        write();
        write();
        assertThat(outcomes.told).containsExactly("NOT_PERMITTED", "NOT_PERMITTED");
        assertThat(unit.cdbs).as("only the first was sent").hasSize(1);
        assertThat(announced.get(0).has(Feature.WRITE)).isFalse();
        unit.passMillis(30_000);
        assertThat(announced).hasSize(1);
        unit.always(FakeUnit.WRITE_16, FakeUnit.GOOD).always(FakeUnit.MODE_SENSE_6, WRITABLE);
        unit.passMillis(10_100);
        assertThat(announced).hasSize(2);
        write();
        assertThat(outcomes.told).last().isEqualTo("0 bytes");
    }

    @Test
    void writeProtectionThatIsToldByAnAttentionIsAnnouncedBothWays() {
        open();
        unit.always(FakeUnit.MODE_SENSE_6, PROTECTED).next(FakeUnit.READ_16, attention("2a01"));
        unit.disk().read(0, 512, outcomes);
        unit.run();
        unit.always(FakeUnit.MODE_SENSE_6, WRITABLE).next(FakeUnit.READ_16, attention("2a01"));
        unit.disk().read(0, 512, outcomes);
        unit.passMillis(11_000);
        assertThat(announced)
                .extracting(geometry -> geometry.has(Feature.WRITE))
                .containsExactly(false, true);
    }

    @Test
    void nothingIsWrittenToAnotherUnitBehindTheSameNumber() {
        open();
        unit.next(FakeUnit.WRITE_16, attention("3f0e"))
                .always(FakeUnit.INQUIRY, "83", "0083000c" + "010300085000000000000002");
        write();
        assertThat(outcomes.told).containsExactly("IO");
        assertThat(unit.cdbs.stream().filter(cdb -> cdb.startsWith("8a"))).hasSize(1);
        write();
        assertThat(outcomes.told).containsExactly("IO", "IO");
    }

    @Test
    void whatIsWrittenWhileTheIdentityIsInDoubtWaits() {
        open();
        unit.disk().read(0, 512, outcomes);
        unit.next(FakeUnit.READ_16, attention("3f05")).next(FakeUnit.INQUIRY, FakeUnit.BUSY);
        unit.run();
        write();
        assertThat(outcomes.told).isEmpty();
        unit.passMillis(100);
        assertThat(outcomes.told).containsExactlyInAnyOrder("512 bytes", "0 bytes");
    }

    @Test
    void aUnitThatIsTakenAwayFailsAtOnceAndMayComeBack() {
        open();
        unit.always(FakeUnit.READ_16, FakeUnit.NO_SUCH_UNIT).always(FakeUnit.INQUIRY, "", "7f000502");
        unit.disk().read(0, 512, outcomes);
        unit.run();
        unit.disk().read(0, 512, outcomes);
        assertThat(outcomes.told).containsExactly("IO", "IO");
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA)
                .always(
                        FakeUnit.INQUIRY,
                        "",
                        "000005021f000000"
                                + FakeUnit.ascii("ACME    ")
                                + FakeUnit.ascii("FAKE DISK       ")
                                + FakeUnit.ascii("0001"));
        unit.passMillis(31_000);
        unit.disk().read(0, 512, outcomes);
        unit.run();
        assertThat(outcomes.told).containsExactly("IO", "IO", "512 bytes");
    }

    @Test
    void aUnitThatIsOnlyForgottenByOneCommandGoesOn() {
        open();
        unit.next(FakeUnit.READ_16, FakeUnit.NO_SUCH_UNIT);
        unit.disk().read(0, 512, outcomes);
        unit.run();
        assertThat(outcomes.told).containsExactly("512 bytes");
        unit.always(FakeUnit.READ_16, FakeUnit.NO_SUCH_UNIT);
        unit.disk().read(0, 512, outcomes);
        unit.run();
        assertThat(outcomes.told).containsExactly("512 bytes", "IO");
    }

    @Test
    void otherBlocksThanBeforeAreAnotherDisk() {
        open();
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", "00000000000000ff" + "00001000" + "0000c000" + "00".repeat(16))
                .next(FakeUnit.READ_16, attention("2a09"));
        unit.disk().read(0, 512, outcomes);
        unit.run();
        unit.disk().read(0, 512, outcomes);
        assertThat(outcomes.told).last().isEqualTo("IO");
    }

    @Test
    void aDeferredErrorFailsTheNextFlushOnceAndNotTheCommandThatBroughtIt() {
        open();
        unit.next(FakeUnit.READ_16, "02:7100030000000000000000000c00");
        unit.disk().read(0, 512, outcomes);
        unit.run();
        for (int i = 0; i < 2; i++) {
            unit.disk().flush(outcomes);
            unit.run();
        }
        assertThat(outcomes.told).containsExactly("512 bytes", "IO", "0 bytes");
    }

    @Test
    void aFlushInFlightTellsOfALostWriteToo() {
        open();
        unit.disk().read(0, 512, outcomes);
        unit.disk().flush(outcomes);
        unit.next(FakeUnit.READ_16, "02:7100030000000000000000000c00");
        unit.run();
        unit.disk().flush(outcomes);
        unit.run();
        assertThat(outcomes.told).containsExactlyInAnyOrder("IO", "512 bytes", "0 bytes");
        assertThat(outcomes.told).last().isEqualTo("0 bytes");
    }

    private void open() {
        unit.open().disk().addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {
                announced.add(now);
            }

            @Override
            public void deviceGone(BlockException cause) {
                throw new AssertionError("gone", cause);
            }
        });
    }

    private void write() {
        ByteBuf data = Unpooled.directBuffer(512).writeZero(512);
        unit.disk().write(0, data, Durability.CACHED, outcomes);
        unit.run();
    }

    private static String attention(String code) {
        return "02:700006000000000000000000" + code;
    }
}
