package io.lunbridge.iscsi.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.Zeroing;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a disk's requests when its session is lost. The clock is the test's. */
class DiskRecoveryTest {

    private static final String BLOCK_OF_DATA = "5a".repeat(512);
    private static final String WRITE_BLOCK_1 = "8a000000000000000001000000010000";
    private static final String READ_BLOCK_0 = "88000000000000000000000000010000";

    private final FakeUnit unit = new FakeUnit();
    private final List<String> outcomes = new ArrayList<>();

    @AfterEach
    void close() {
        unit.close();
    }

    @Test
    void whatWasOnTheWireIsSentAgainAfterTheUnitHasBeenChecked() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        read();
        assertThat(unit.target.sent()).as("on the wire").hasSize(2);
        lose();
        unit.passMillis(1900);
        assertThat(unit.cdbs).as("nothing before Time2Wait is over").isEmpty();
        unit.passMillis(200);
        assertThat(outcomes).containsExactly("0 bytes", "512 bytes");
        assertThat(unit.cdbs).startsWith("12000000600000000000000000000000").endsWith(WRITE_BLOCK_1, READ_BLOCK_0);
        assertThat(unit.writtenData).containsExactly(BLOCK_OF_DATA);
    }

    @Test
    void newRequestsWaitBehindTheHeldOnes() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        lose();
        read();
        unit.passMillis(1000);
        assertThat(outcomes).isEmpty();
        unit.passMillis(1100);
        assertThat(outcomes).containsExactly("0 bytes", "512 bytes");
        assertThat(unit.cdbs).endsWith(WRITE_BLOCK_1, READ_BLOCK_0);
    }

    @Test
    void withAMultipathLayerAboveWhatIsOnTheWireFailsAtOnceAndTheRestWaits() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT.withHoldsInFlight(false));
        for (int i = 0; i < 40; i++) {
            read();
        }
        assertThat(unit.target.sent()).as("the depth is 32").hasSize(32);
        lose();
        assertThat(outcomes).hasSize(32).containsOnly("IO");
        read();
        unit.passMillis(2100);
        assertThat(outcomes.subList(32, outcomes.size())).hasSize(9).containsOnly("512 bytes");
    }

    @Test
    void withAMultipathLayerAboveWhatTheErrorHandlerHasInHandWaitsToo() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT.withHoldsInFlight(false));
        unit.ignored = FakeUnit.READ_16;
        read();
        unit.passMillis(62_000);
        assertThat(unit.target.session.isHandlingErrors()).isTrue();
        lose();
        assertThat(outcomes).isEmpty();
        unit.passMillis(2_100);
        read();
        lose();
        assertThat(outcomes).as("on the new session nothing was being handled").containsExactly("IO", "IO");
    }

    @Test
    void everythingFailsAtTheReplacementTimeoutAndWorksAgainLater() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT.withReplacementSeconds(20));
        unit.reachable = false;
        read();
        lose();
        read();
        unit.passMillis(19_990);
        assertThat(outcomes).isEmpty();
        unit.passMillis(10);
        assertThat(outcomes).containsExactly("IO", "IO");
        read();
        assertThat(outcomes).containsExactly("IO", "IO", "IO");
        unit.reachable = true;
        unit.passMillis(40_000);
        read();
        unit.run();
        assertThat(outcomes).containsExactly("IO", "IO", "IO", "512 bytes");
    }

    @Test
    void aReplacementTimeoutOfZeroFailsRequestsAtOnce() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT.withReplacementSeconds(0));
        read();
        lose();
        read();
        assertThat(outcomes).containsExactly("IO", "IO");
        unit.passMillis(2100);
        read();
        unit.run();
        assertThat(outcomes).containsExactly("IO", "IO", "512 bytes");
    }

    @Test
    void anotherUnitBehindTheSameLunNeverSeesAWrite() {
        unit.open(RecoveryPolicy.DEFAULT);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        lose();
        unit.always(FakeUnit.INQUIRY, "83", "0083000c" + "010300085000000000000002");
        unit.passMillis(2100);
        assertThat(outcomes).containsExactly("IO");
        write(2, Durability.CACHED);
        unit.passMillis(60_000);
        assertThat(outcomes).containsExactly("IO", "IO");
        assertThat(unit.cdbs).noneMatch(cdb -> cdb.startsWith("8a"));
        unit.always(FakeUnit.INQUIRY, "83", "0083000c" + "010300085000000000000001");
        unit.passMillis(31_000);
        write(3, Durability.CACHED);
        unit.run();
        assertThat(outcomes).containsExactly("IO", "IO", "0 bytes");
    }

    @Test
    void anotherSerialNumberOrBlockSizeIsAnotherUnitToo() {
        unit.open(RecoveryPolicy.DEFAULT);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        lose();
        unit.always(FakeUnit.INQUIRY, "80", "00800004" + FakeUnit.ascii("S124"));
        unit.passMillis(2100);
        assertThat(outcomes).containsExactly("IO");
        unit.always(FakeUnit.INQUIRY, "80", "00800004" + FakeUnit.ascii("S123"));
        unit.always(FakeUnit.SERVICE_ACTION_IN, "10", "00000000000000ff" + "00001000" + "00".repeat(20));
        unit.passMillis(31_000);
        write(1, Durability.CACHED);
        assertThat(outcomes).containsExactly("IO", "IO");
        assertThat(unit.cdbs).noneMatch(cdb -> cdb.startsWith("8a"));
    }

    @Test
    void aUnitThatIsMissingForAWhileIsWaitedFor() {
        unit.open(RecoveryPolicy.DEFAULT);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        lose();
        unit.always(FakeUnit.INQUIRY, "", FakeUnit.NO_SUCH_UNIT);
        unit.passMillis(60_000);
        assertThat(outcomes).isEmpty();
        unit.always(FakeUnit.INQUIRY, "", "000005021f000000" + FakeUnit.ascii("ACME    FAKE DISK       0002"));
        unit.passMillis(17_000);
        assertThat(outcomes).as("with newer firmware").containsExactly("0 bytes");
    }

    @Test
    void theTimeLimitOfARefusedRequestDoesNotRunWhileThereIsNoSession() {
        unit.open(RecoveryPolicy.DEFAULT).always(FakeUnit.WRITE_16, FakeUnit.BUSY);
        write(1, Durability.CACHED);
        unit.passMillis(115_000);
        assertThat(outcomes).isEmpty();
        unit.reachable = false;
        lose();
        unit.passMillis(30_000);
        unit.reachable = true;
        unit.passMillis(10_000);
        unit.always(FakeUnit.WRITE_16, FakeUnit.GOOD);
        unit.passMillis(1000);
        assertThat(outcomes).containsExactly("0 bytes");
    }

    @Test
    void aRequestThatSessionsDieOfIsGivenUp() {
        unit.open(RecoveryPolicy.DEFAULT);
        read();
        int losses = 0;
        for (; outcomes.isEmpty(); losses++) {
            assertThat(losses).isLessThan(20);
            lose();
            passUntilOnTheWire(FakeUnit.READ_16);
        }
        assertThat(outcomes).containsExactly("IO");
        assertThat(losses).isGreaterThanOrEqualTo(DiskTask.MAX_LOSSES);
    }

    @Test
    void aFlushAfterALossOfUnflushedWritesFailsOnce() {
        unit.open(RecoveryPolicy.DEFAULT);
        write(1, Durability.CACHED);
        lose();
        unit.passMillis(2100);
        flush();
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "IO", "0 bytes");
    }

    @Test
    void aFlushThatWaitedThroughTheLossIsTheOneThatFails() {
        unit.open(RecoveryPolicy.DEFAULT);
        write(1, Durability.CACHED);
        unit.disk().flush(outcome());
        lose();
        write(2, Durability.CACHED);
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "IO", "0 bytes", "0 bytes");
        assertThat(count(FakeUnit.SYNCHRONIZE_CACHE)).isOne();
    }

    @Test
    void aLossTakesNothingAwayThatWasFlushedOrDurable() {
        unit.open(RecoveryPolicy.DEFAULT);
        write(1, Durability.CACHED);
        flush();
        write(2, Durability.DURABLE);
        lose();
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "0 bytes", "0 bytes", "0 bytes");
    }

    @Test
    void whatWasNotAnsweredIsSentAgainAndNotLost() {
        unit.open(RecoveryPolicy.DEFAULT);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        lose();
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "0 bytes");
    }

    @Test
    void zeroesInTheCacheAreLostLikeAnyWrite() {
        unit.open(RecoveryPolicy.DEFAULT);
        unit.disk().writeZeroes(0, 4096, Zeroing.KEEP_ALLOCATED, Durability.CACHED, outcome());
        unit.run();
        lose();
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "IO");
    }

    @Test
    void aLossWhileTheUnitIsInDoubtCountsToo() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT);
        write(1, Durability.CACHED);
        unit.next(FakeUnit.READ_16, "02:7000060000000000000000003f0e");
        unit.ignored = FakeUnit.INQUIRY;
        read();
        unit.run();
        lose();
        unit.ignored = -1;
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "512 bytes", "IO");
    }

    @Test
    void aUnitWithoutWriteCacheLosesNothing() {
        unit.always(FakeUnit.MODE_SENSE_6, "17001000" + "081200" + "00".repeat(17))
                .open(RecoveryPolicy.DEFAULT);
        write(1, Durability.CACHED);
        lose();
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "0 bytes");
    }

    @Test
    void aCacheThatIsTrustedLosesNothing() {
        unit.open(RecoveryPolicy.DEFAULT.withTrustsTargetCache(true));
        write(1, Durability.CACHED);
        lose();
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "0 bytes");
    }

    @Test
    void aFlushThatFailedAtTheReplacementTimeoutHasToldOfTheLoss() {
        unit.open(RecoveryPolicy.DEFAULT.withReplacementSeconds(0));
        write(1, Durability.CACHED);
        lose();
        flush();
        unit.passMillis(2100);
        flush();
        assertThat(outcomes).containsExactly("0 bytes", "IO", "0 bytes");
    }

    @Test
    void aDiskThatIsClosedMeanwhileSendsNothingMore() {
        unit.open(RecoveryPolicy.DEFAULT);
        write(1, Durability.CACHED);
        unit.disk().write(512, data(), Durability.CACHED, outcome());
        lose();
        unit.disk().close(outcome());
        assertThat(outcomes).containsExactly("0 bytes", "SHUT_DOWN", "0 bytes");
        unit.passMillis(30_000);
        assertThat(unit.cdbs).noneMatch(cdb -> cdb.startsWith("12"));
    }

    @Test
    void heldRequestsAreBounded() {
        unit.always(FakeUnit.READ_16, BLOCK_OF_DATA).open(RecoveryPolicy.DEFAULT);
        lose();
        for (int i = 0; i <= Access.MAX_HELD_TASKS; i++) {
            read();
        }
        assertThat(outcomes).containsExactly("NO_MEMORY");
        unit.passMillis(3000);
        assertThat(outcomes.subList(1, outcomes.size()))
                .hasSize(Access.MAX_HELD_TASKS)
                .containsOnly("512 bytes");
    }

    private void passUntilOnTheWire(int opcode) {
        String prefix = String.format("%02x", opcode);
        for (int millis = 0; millis < 60_000; millis += 5) {
            int before = unit.cdbs.size();
            unit.ignored = opcode;
            unit.passMillis(5);
            if (unit.cdbs.subList(before, unit.cdbs.size()).stream().anyMatch(cdb -> cdb.startsWith(prefix))
                    || !outcomes.isEmpty()) {
                return;
            }
        }
        throw new AssertionError("not sent again");
    }

    private long count(int opcode) {
        String prefix = String.format("%02x", opcode);
        return unit.cdbs.stream().filter(cdb -> cdb.startsWith(prefix)).count();
    }

    private void lose() {
        unit.target.lose(-1);
    }

    private void read() {
        unit.disk().read(0, 512, outcome());
    }

    private void write(int block, Durability durability) {
        unit.disk().write(block * 512L, data(), durability, outcome());
        unit.run();
    }

    private void flush() {
        unit.disk().flush(outcome());
        unit.run();
    }

    private static ByteBuf data() {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(BLOCK_OF_DATA));
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
                outcomes.add(cause.error().toString());
            }
        };
    }
}
