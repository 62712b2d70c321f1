package io.lunbridge.faults;

import static io.lunbridge.faults.HostileTarget.FINAL;
import static io.lunbridge.faults.HostileTarget.LENGTH;
import static io.lunbridge.faults.HostileTarget.MAX_WORD;
import static io.lunbridge.faults.HostileTarget.tests;
import static io.lunbridge.scripted.RawReply.RESERVED_TAG;

import io.lunbridge.faults.HostileTarget.Case;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Scsi;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A target that sends data where none belongs, or too much, or none: it never becomes data that was read. */
class HostileReadTest {

    @TestFactory
    List<DynamicTest> reads() {
        return tests(
                HostileTarget::readFails,
                dataInCase("Data-In beyond the end", LENGTH - 512, 1024),
                dataInCase("Data-In at an offset beyond the end", LENGTH, 512),
                dataInCase("Data-In whose end overflows 32 bits", MAX_WORD - 511, 1024),
                dataInCase("Data-In with the sign bit set", 0x80000000L, 512),
                new Case("the same data twice", (peer, read) -> {
                    byte[] data = peer.disk().bytes(0, LENGTH / 2);
                    peer.sendData(peer.commands().dataIn(read, data, 0, 0));
                    peer.sendStatus(peer.commands().lastDataIn(read, data, 0, 1));
                }),
                new Case(
                        "R2T for a READ",
                        (peer, read) -> peer.sendUnacknowledged(
                                peer.commands().r2t(read, 1, 0).lastWord(512))),
                new Case(
                        "Data-In for a task that is not there",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .lastDataIn(read, new byte[512], 0, 0)
                                .initiatorTaskTag(read.initiatorTaskTag() ^ 0x40))),
                new Case(
                        "Data-In with the reserved task tag",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .lastDataIn(read, new byte[512], 0, 0)
                                .initiatorTaskTag(RESERVED_TAG))),
                new Case(
                        "response for a task that is not there",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .replyTo(read, Op.SCSI_RESPONSE)
                                .initiatorTaskTag(read.initiatorTaskTag() ^ 0x40))));
    }

    @TestFactory
    List<DynamicTest> dataInThatDoesNotFit() {
        return tests(
                HostileTarget::readFails,
                new Case("Data-In that goes back within a sequence", (peer, read) -> {
                    peer.sendData(peer.commands().dataIn(read, new byte[512], 512, 0));
                    peer.sendData(peer.commands().dataIn(read, new byte[512], 0, 1));
                }),
                new Case("sequences that go back", (peer, read) -> {
                    peer.sendData(
                            peer.commands().dataIn(read, new byte[512], 512, 0).flags(FINAL));
                    peer.sendData(
                            peer.commands().dataIn(read, new byte[512], 0, 1).flags(FINAL));
                }),
                new Case("DataSN that comes again", (peer, read) -> {
                    peer.sendData(peer.commands().dataIn(read, new byte[512], 0, 0));
                    peer.sendData(peer.commands().dataIn(read, new byte[512], 512, 0));
                }),
                new Case("DataSN that skips one", (peer, read) -> {
                    peer.sendData(peer.commands().dataIn(read, new byte[512], 0, 0));
                    peer.sendData(peer.commands().dataIn(read, new byte[512], 512, 2));
                }),
                new Case(
                        "status with more data than was expected",
                        (peer, read) -> peer.sendStatus(peer.commands().lastDataIn(read, new byte[LENGTH + 1], 0, 0))),
                new Case(
                        "Data-In with additional header segments",
                        (peer, read) -> peer.sendData(peer.commands()
                                .dataIn(read, new byte[512], 0, 0)
                                .u8(4, 1))),
                new Case(
                        "Data-In with all the additional header segments there can be",
                        (peer, read) -> peer.sendData(peer.commands()
                                .dataIn(read, new byte[4096], 0, 0)
                                .u8(4, 255))));
    }

    private static Case dataInCase(String name, long offset, int length) {
        return new Case(
                name,
                (peer, read) -> peer.sendData(peer.commands()
                        .dataIn(read, new byte[length], offset, 0)
                        .flags(FINAL)));
    }

    @TestFactory
    List<DynamicTest> senseDataThatLies() {
        return tests(
                HostileTarget::readFailsAlone,
                senseCase("sense length beyond the segment", new byte[] {0x7f, (byte) 0xff, 0x70, 0, 7}),
                senseCase("sense of one byte", new byte[] {0, 1, 0x70}),
                senseCase("segment of one byte", new byte[] {9}),
                senseCase("no sense", new byte[0]),
                senseCase("sense of an unknown format", new byte[] {0, 4, 0x11, 1, 2, 3}));
    }

    private static Case senseCase(String name, byte[] segment) {
        return new Case(
                name,
                (peer, read) -> peer.sendStatus(peer.commands()
                        .replyTo(read, Op.SCSI_RESPONSE)
                        .u8(3, Scsi.CHECK_CONDITION)
                        .data(segment)));
    }
}
