package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockError;
import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Extent;
import io.lunbridge.block.ExtentsCompletion;
import io.lunbridge.block.Geometry;
import io.lunbridge.block.GeometryListener;
import io.lunbridge.block.Zeroing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests where the unit is busy, old, limited or broken: rules R61 to R69, byte for byte. */
class ScsiDiskTest {

    private static final String BLOCK_OF_DATA = "5a".repeat(512);

    private final FakeUnit unit = new FakeUnit();
    private final List<String> outcomes = new ArrayList<>();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void readsAndWritesWithSixteenBytes() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open();
        unit.disk().read(512, 512, outcome());
        unit.run();
        write(1024, Durability.CACHED);
        write(1536, Durability.DURABLE);
        assertThat(outcomes).containsExactly("512 bytes", "0 bytes", "0 bytes");
        assertThat(unit.cdbs)
                .containsExactly(
                        "88000000000000000001000000010000",
                        "8a000000000000000002000000010000",
                        "8a080000000000000003000000010000");
    }

    @Test
    void waitsOutWhatPasses() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open();
        unit.next(FakeUnit.READ_16, FakeUnit.BUSY, "28:", FakeUnit.UNIT_ATTENTION, "02:70000b");
        unit.disk().read(0, 512, outcome());
        unit.passMillis(1000);
        assertThat(outcomes).containsExactly("512 bytes");
        assertThat(opcodes()).filteredOn("8800"::equals).hasSize(5);
    }

    @Test
    void aWriteKeepsItsDataForTheNextAttempt() {
        unit.open().next(FakeUnit.WRITE_16, FakeUnit.BUSY, FakeUnit.BUSY);
        write(0, Durability.CACHED);
        unit.passMillis(1000);
        assertThat(outcomes).containsExactly("0 bytes");
        assertThat(unit.writtenData).containsExactly(BLOCK_OF_DATA, BLOCK_OF_DATA, BLOCK_OF_DATA);
    }

    @Test
    void doesNotWaitForEver() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.BUSY);
        unit.disk().read(0, 512, outcome());
        unit.passMillis(19_000);
        assertThat(outcomes).isEmpty();
        unit.passMillis(2_000);
        assertThat(outcomes).containsExactly("IO");
    }

    @Test
    void whatDoesNotPassIsToldAtOnce() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.MEDIUM_ERROR);
        unit.disk().read(0, 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("IO");
        unit.always(FakeUnit.WRITE_16, "02:7000070000000000000000002707");
        write(0, Durability.CACHED);
        unit.always(FakeUnit.WRITE_16, "02:7000050000000000000000002100");
        write(0, Durability.CACHED);
        unit.always(FakeUnit.WRITE_16, "18:");
        write(0, Durability.CACHED);
        assertThat(outcomes).containsExactly("IO", "NO_SPACE", "NO_SPACE", "NOT_PERMITTED");
        assertThat(unit.cdbs).hasSize(4);
    }

    @Test
    void aReadWithARecoveredErrorIsARead() {
        unit.open().always(FakeUnit.WRITE_16, "02:7000010000000000000000001800");
        write(0, Durability.CACHED);
        assertThat(outcomes).containsExactly("0 bytes");
    }

    @Test
    void anOldUnitIsAskedInTenBytesFromThenOn() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.INVALID_OPCODE).always(FakeUnit.READ_10, BLOCK_OF_DATA);
        unit.disk().read(512, 512, outcome());
        unit.run();
        unit.disk().read(512, 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("512 bytes", "512 bytes");
        String ten = "28000000000100000100000000000000";
        assertThat(unit.cdbs).containsExactly("88000000000000000001000000010000", ten, ten);
    }

    /** As jSCSI's target refuses: the sense data has a key and ends there. */
    @Test
    void aRefusalWithoutAReasonIsTriedInTenBytesToo() {
        unit.open().always(FakeUnit.READ_16, "02:7000050000000000").always(FakeUnit.READ_10, BLOCK_OF_DATA);
        unit.disk().read(512, 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("512 bytes");
        assertThat(opcodes()).containsExactly("8800", "2800");
    }

    @Test
    void whatIsInFlightWhenTenBytesAreLearnedIsRepeatedToo() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.INVALID_OPCODE).always(FakeUnit.READ_10, BLOCK_OF_DATA);
        unit.disk().read(512, 512, outcome());
        unit.disk().read(1024, 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("512 bytes", "512 bytes");
        assertThat(opcodes()).containsExactly("8800", "8800", "2800", "2800");
    }

    @Test
    void whatTenBytesCannotReachIsAnsweredToo() {
        unit.open().always(FakeUnit.READ_16, FakeUnit.INVALID_OPCODE).always(FakeUnit.READ_10, BLOCK_OF_DATA);
        unit.disk().read(512, 512, outcome());
        unit.run();
        unit.disk().read(512L << 32, 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("512 bytes", "IO");
        assertThat(opcodes()).containsExactly("8800", "2800", "8800");
    }

    @Test
    void aRefusedFuaBecomesAFlush() {
        unit.open().next(FakeUnit.WRITE_16, FakeUnit.INVALID_FIELD);
        write(0, Durability.DURABLE);
        write(0, Durability.DURABLE);
        assertThat(outcomes).containsExactly("0 bytes", "0 bytes");
        assertThat(opcodes()).containsExactly("8a08", "8a00", "3500", "8a00", "3500");
    }

    @Test
    void aFailedFlushIsToldAndAnUnknownOneLearned() {
        unit.open().next(FakeUnit.SYNCHRONIZE_CACHE, FakeUnit.MEDIUM_ERROR, FakeUnit.INVALID_OPCODE);
        for (int i = 0; i < 3; i++) {
            unit.disk().flush(outcome());
            unit.run();
        }
        assertThat(outcomes).containsExactly("IO", "0 bytes", "0 bytes");
        assertThat(unit.cdbs).hasSize(2);
    }

    @Test
    void unmapIsCutByTheLimitAndBetweenGranules() {
        unit.always(FakeUnit.INQUIRY, "b0", FakeUnit.limits(100, 8, 3, 0)).open();
        unit.disk().discard(0, 250 * 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("0 bytes");
        assertThat(unit.writtenData).containsExactly(descriptor(0, 99), descriptor(99, 96), descriptor(195, 55));
    }

    @Test
    void aRefusedUnmapBecomesWriteSameAndThenNothing() {
        unit.open()
                .always(FakeUnit.UNMAP, FakeUnit.INVALID_OPCODE)
                .always(FakeUnit.WRITE_SAME_16, FakeUnit.INVALID_FIELD)
                .always(FakeUnit.WRITE_SAME_10, FakeUnit.INVALID_OPCODE);
        unit.disk().discard(0, 4096, outcome());
        unit.run();
        unit.disk().discard(0, 4096, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("0 bytes", "0 bytes");
        assertThat(opcodes()).containsExactly("4200", "9308", "4108");
    }

    @Test
    void whatWriteSameOfTenBytesCannotReachKeepsItsStorage() {
        unit.open()
                .always(FakeUnit.UNMAP, FakeUnit.INVALID_OPCODE)
                .always(FakeUnit.WRITE_SAME_16, FakeUnit.INVALID_OPCODE);
        unit.disk().discard(((1L << 32) - 8) * 512, 16 * 512, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("0 bytes");
        assertThat(unit.cdbs.get(2)).isEqualTo("4108fffffff800000800000000000000");
        assertThat(opcodes()).containsExactly("4200", "9308", "4108");
    }

    @Test
    void aFailedUnmapIsTold() {
        unit.open().always(FakeUnit.UNMAP, FakeUnit.MEDIUM_ERROR);
        unit.disk().discard(0, 4096, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("IO");
    }

    @Test
    void zeroesByUnmappingOnlyWhereAllowed() {
        unit.open();
        zero(4096, Zeroing.MAY_DEALLOCATE);
        zero(4096, Zeroing.KEEP_ALLOCATED_FAST);
        assertThat(unit.cdbs).containsExactly("93080000000000000000000000080000", "93000000000000000000000000080000");
        assertThat(unit.writtenData).containsExactly("00".repeat(512), "00".repeat(512));
    }

    @Test
    void doesNotTrustUnmappedBlocksToBeZeroUnlessTold() {
        unit.always(FakeUnit.INQUIRY, "b2", "00b2000400e00200");
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", "00000000000007ff" + "00000200" + "00008000" + "00".repeat(16));
        unit.open();
        zero(4096, Zeroing.MAY_DEALLOCATE);
        assertThat(opcodes()).containsExactly("9300");
    }

    @Test
    void writeSameIsCutByItsLimit() {
        unit.always(FakeUnit.INQUIRY, "b0", FakeUnit.limits(0, 0, 0, 100)).open();
        zero(250 * 512, Zeroing.KEEP_ALLOCATED);
        assertThat(unit.cdbs)
                .containsExactly(
                        "93000000000000000000000000640000",
                        "93000000000000000064000000640000",
                        "930000000000000000c8000000320000");
    }

    @Test
    void withoutWriteSameItWritesOrSaysThatItIsNotFast() {
        unit.open().always(FakeUnit.WRITE_SAME_16, FakeUnit.INVALID_OPCODE);
        zero(1024, Zeroing.MAY_DEALLOCATE);
        assertThat(opcodes()).containsExactly("9308", "9300", "8a00");
        zero(1024, Zeroing.MAY_DEALLOCATE_FAST);
        assertThat(outcomes).containsExactly("0 bytes", "UNSUPPORTED");
        assertThat(unit.cdbs).hasSize(3);
    }

    @Test
    void durableZeroesAreFlushed() {
        unit.open().disk().writeZeroes(0, 512, Zeroing.KEEP_ALLOCATED, Durability.DURABLE, outcome());
        unit.run();
        assertThat(outcomes).containsExactly("0 bytes");
        assertThat(opcodes()).containsExactly("9300", "3500");
    }

    @Test
    void tellsHolesAndJoinsNeighbours() {
        String runs = run(0, 8, 0) + run(8, 8, 1) + run(16, 8, 2) + run(24, 0x1000, 0);
        unit.always(FakeUnit.SERVICE_ACTION_IN, "12", "00000044" + "00000000" + runs)
                .open();
        assertThat(status(4 * 512, 24 * 512))
                .containsExactly(
                        new Extent(4 * 512, false, false),
                        new Extent(16 * 512, true, true),
                        new Extent(4 * 512, false, false));
    }

    @Test
    void aStatusThatMakesNoSenseIsData() {
        unit.open().always(FakeUnit.SERVICE_ACTION_IN, "12", "00000014" + "00000000" + run(100, 8, 1));
        assertThat(status(0, 4096)).containsExactly(new Extent(4096, false, false));
        unit.always(FakeUnit.SERVICE_ACTION_IN, "12", "00000024" + "00000000" + run(0, 4, 1) + run(6, 8, 1));
        assertThat(status(0, 4096)).containsExactly(new Extent(2048, true, true));
        unit.always(FakeUnit.SERVICE_ACTION_IN, "12", "00000024" + "00000000" + run(0, 4, 1) + run(0, 4, 0));
        assertThat(status(0, 4096)).containsExactly(new Extent(2048, true, true));
    }

    @Test
    void closingFailsWhatIsInFlightAtOnceAndEndsWhenTheTargetIsDone() {
        unit.open();
        ByteBuf data = block();
        unit.disk().write(0, data, Durability.CACHED, outcome());
        unit.disk().close(outcome());
        assertThat(outcomes).containsExactly("SHUT_DOWN");
        assertThat(data.refCnt()).isPositive();
        unit.run();
        assertThat(outcomes).containsExactly("SHUT_DOWN", "0 bytes");
        unit.disk().read(0, 512, outcome());
        assertThat(outcomes.get(2)).isEqualTo("SHUT_DOWN");
    }

    @Test
    void aLostSessionFailsEverythingOnceAndIsTold() {
        unit.open().disk().addGeometryListener(new GeometryListener() {
            @Override
            public void geometryChanged(Geometry before, Geometry now) {}

            @Override
            public void deviceGone(BlockException cause) {
                outcomes.add("gone: " + cause.error());
            }
        });
        unit.disk().read(0, 512, outcome());
        var unused = unit.target.channel.close();
        unit.disk().read(0, 512, outcome());
        assertThat(outcomes).containsExactly("IO", "gone: IO", "IO");
    }

    private void write(long offsetBytes, Durability durability) {
        unit.disk().write(offsetBytes, block(), durability, outcome());
        unit.run();
    }

    private static ByteBuf block() {
        return Unpooled.directBuffer(512).writeBytes(HexFormat.of().parseHex(BLOCK_OF_DATA));
    }

    private void zero(long lengthBytes, Zeroing zeroing) {
        unit.disk().writeZeroes(0, lengthBytes, zeroing, Durability.CACHED, outcome());
        unit.run();
    }

    private List<Extent> status(long offsetBytes, long lengthBytes) {
        List<Extent> answer = new ArrayList<>();
        unit.disk().blockStatus(offsetBytes, lengthBytes, new ExtentsCompletion() {
            @Override
            public void succeeded(List<Extent> extents) {
                answer.addAll(extents);
            }

            @Override
            public void failed(BlockException cause) {
                outcomes.add(cause.error().name());
            }
        });
        unit.run();
        return answer;
    }

    private List<String> opcodes() {
        return unit.cdbs.stream().map(cdb -> cdb.substring(0, 4)).toList();
    }

    private static String descriptor(long lba, int blocks) {
        return "0016001000000000" + run(lba, blocks, 0);
    }

    private static String run(long lba, int blocks, int provisioning) {
        return String.format("%016x%08x%02x000000", lba, blocks, provisioning);
    }

    private Completion outcome() {
        return new Completion() {
            @Override
            public void succeeded(ByteBuf data) {
                outcomes.add(data.readableBytes() + " bytes");
                data.release();
            }

            @Override
            public void failed(BlockException cause) {
                BlockError error = cause.error();
                outcomes.add(error.name());
            }
        };
    }
}
