package io.lunbridge.faults;

import static io.lunbridge.faults.HostileTarget.LENGTH;
import static io.lunbridge.faults.HostileTarget.MAX_WORD;
import static io.lunbridge.faults.HostileTarget.tests;
import static io.lunbridge.scripted.RawReply.RESERVED_TAG;

import io.lunbridge.conformance.Conversation;
import io.lunbridge.conformance.Failures;
import io.lunbridge.faults.HostileTarget.Case;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A target that asks for what it must not have, or more than once: nothing more is sent to it. */
class HostileWriteTest {

    @TestFactory
    List<DynamicTest> writes() {
        return tests(
                HostileTarget::writeFails,
                r2tCase("R2T of zero length", 0, 0),
                r2tCase("R2T beyond the end", LENGTH - 512, 1024),
                r2tCase("R2T whose end overflows 32 bits", MAX_WORD - 511, 1024),
                r2tCase("R2T at an offset beyond the end", LENGTH, 512),
                r2tCase("R2T of 4 GiB", 0, MAX_WORD),
                r2tCase("R2T with the sign bit set", 0x80000000L, 0x80000000L),
                new Case(
                        "R2T with the reserved transfer tag",
                        (peer, write) -> peer.sendUnacknowledged(peer.commands()
                                .r2t(write, RESERVED_TAG, 0)
                                .bufferOffset(0)
                                .lastWord(512))),
                new Case(
                        "R2T for a task that is not there",
                        (peer, write) -> peer.sendUnacknowledged(peer.commands()
                                .r2t(write, 1, 0)
                                .initiatorTaskTag(write.initiatorTaskTag() ^ 0x40)
                                .lastWord(512))),
                new Case(
                        "Data-In for a WRITE",
                        (peer, write) -> peer.sendStatus(peer.commands().lastDataIn(write, new byte[512], 0, 0))),
                new Case(
                        "GOOD before the data was asked for",
                        (peer, write) -> peer.commands().good(write)));
    }

    private static Case r2tCase(String name, long offset, long length) {
        return new Case(
                name,
                (peer, write) -> peer.sendUnacknowledged(
                        peer.commands().r2t(write, 1, 0).bufferOffset(offset).lastWord(length)));
    }

    @TestFactory
    List<DynamicTest> r2tsThatDoNotFit() {
        return tests(
                HostileTarget::writeFails,
                new Case("R2T again for data that was asked for before", (peer, write) -> {
                    byte[] asked = peer.commands().solicit(write, 0, 0, 4096);
                    ask(peer, write, 1, 0, asked.length);
                }),
                new Case("R2T that overlaps the one before", (peer, write) -> {
                    byte[] asked = peer.commands().solicit(write, 0, 0, 4096);
                    ask(peer, write, 1, asked.length - 1, 512);
                }),
                new Case("R2T that leaves a gap", (peer, write) -> ask(peer, write, 0, 512, 512)),
                new Case("R2TSN that skips one", (peer, write) -> ask(peer, write, 1, 0, 512)),
                new Case("R2TSN that comes again", (peer, write) -> {
                    byte[] asked = peer.commands().solicit(write, 0, 0, 4096);
                    ask(peer, write, 0, asked.length, 512);
                }),
                new Case(
                        "two R2Ts at once where one was agreed",
                        (peer, write) -> HostileTarget.sendAtOnce(
                                peer, r2t(peer, write, 0, 0, 512), r2t(peer, write, 1, 512, 512))),
                new Case(
                        "R2T for another unit",
                        (peer, write) -> peer.sendUnacknowledged(
                                r2t(peer, write, 0, 0, 512).lun(0x0006_0000_0000_0000L))),
                new Case(
                        "R2T with a data segment",
                        (peer, write) -> peer.sendUnacknowledged(
                                r2t(peer, write, 0, 0, 512).data(new byte[8]))),
                new Case(
                        "R2T with additional header segments",
                        (peer, write) -> peer.sendUnacknowledged(
                                r2t(peer, write, 0, 0, 512).data(new byte[8]).u8(4, 1))));
    }

    /** What was sent with the command is not asked for again. */
    @Test
    void anR2TForImmediateData() throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    ask(peer, write, 0, write.data().length - 1, 512);
                    peer.expectEndWithoutData();
                })
                .run((initiator, disk) -> Failures.assertFails(initiator.startWrite(0, new byte[LENGTH])));
    }

    /** Where order was not agreed, each R2T may leave a gap; but not any number of them. */
    @Test
    void r2tsThatLeaveEveryOtherByteOut() throws Exception {
        Conversation.of(peer -> {
                    peer.keys().want("ImmediateData", "No").want("DataSequenceInOrder", "No");
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    try {
                        for (int i = 0; i < LENGTH / 2; i++) {
                            var unused = peer.commands().solicit(write, i, 2L * i, 1);
                        }
                    } catch (AssertionError | IOException closed) {
                        return;
                    }
                    throw new AssertionError("it took all of them");
                })
                .run((initiator, disk) -> Failures.assertFails(initiator.startWrite(0, new byte[LENGTH])));
    }

    private static void ask(Peer peer, RawPdu write, int r2tSn, long offset, long length) throws IOException {
        peer.sendUnacknowledged(r2t(peer, write, r2tSn, offset, length));
    }

    private static RawReply r2t(Peer peer, RawPdu write, int r2tSn, long offset, long length) {
        return peer.commands().r2t(write, 1 + r2tSn, r2tSn).bufferOffset(offset).lastWord(length);
    }
}
