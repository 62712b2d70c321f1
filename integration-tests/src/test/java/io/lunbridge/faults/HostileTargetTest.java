package io.lunbridge.faults;

import static io.lunbridge.scripted.RawReply.RESERVED_TAG;

import io.lunbridge.conformance.Configs;
import io.lunbridge.conformance.Conversation;
import io.lunbridge.conformance.Failures;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.Script;
import io.lunbridge.scripted.Scsi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * PDUs that no honest target sends. The product drops the connection and fails the request; it sends no data that was
 * not asked for properly, and hands up none that was not sent.
 */
class HostileTargetTest {

    private static final int LENGTH = 65536;
    private static final int FINAL = 0x80;
    private static final long MAX_WORD = 0xffffffffL;

    /** Sends something in answer to the command. */
    @FunctionalInterface
    private interface Attack {

        void answer(Peer peer, RawPdu command) throws IOException;
    }

    private record Case(String name, Attack attack) {}

    @TestFactory
    List<DynamicTest> writes() {
        return tests(
                this::writeFails,
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
    List<DynamicTest> reads() {
        return tests(
                this::readFails,
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
    List<DynamicTest> statusNumbers() {
        return tests(
                this::readFails,
                new Case(
                        "CHECK CONDITION on Data-In",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .lastDataIn(read, peer.disk().bytes(0, LENGTH), 0, 0)
                                .u8(3, Scsi.CHECK_CONDITION))),
                new Case(
                        "StatSN off by 2^31",
                        (peer, read) -> peer.send(peer.commands()
                                .replyTo(read, Op.SCSI_RESPONSE)
                                .statSn(peer.numbers().nextStatSn() + 0x80000000)
                                .window(
                                        peer.numbers().expCmdSn(),
                                        peer.numbers().highestMaxCmdSn()))),
                new Case(
                        "StatSN skips one",
                        (peer, read) -> peer.send(peer.commands()
                                .replyTo(read, Op.SCSI_RESPONSE)
                                .statSn(peer.numbers().nextStatSn() + 1)
                                .window(
                                        peer.numbers().expCmdSn(),
                                        peer.numbers().highestMaxCmdSn()))));
    }

    private static Case dataInCase(String name, long offset, int length) {
        return new Case(
                name,
                (peer, read) -> peer.sendData(peer.commands()
                        .dataIn(read, new byte[length], offset, 0)
                        .flags(FINAL)));
    }

    @TestFactory
    List<DynamicTest> frames() {
        return tests(
                this::readFails,
                new Case(
                        "segment longer than declared",
                        (peer, read) -> peer.sendData(
                                peer.commands().dataIn(read, new byte[0], 0, 0).dataSegmentLength(0xffffff))),
                new Case("opcode that is none", (peer, read) -> peer.sendStatus(RawReply.of(0x3e))),
                new Case("opcode of a request", (peer, read) -> peer.sendStatus(RawReply.of(Op.NOP_OUT))),
                new Case(
                        "login response in the full feature phase",
                        (peer, read) -> peer.sendStatus(peer.commands().replyTo(read, Op.LOGIN_RESPONSE))),
                new Case(
                        "logout response nobody asked for",
                        (peer, read) -> peer.sendStatus(peer.commands().replyTo(read, Op.LOGOUT_RESPONSE))),
                new Case(
                        "text response nobody asked for",
                        (peer, read) -> peer.sendStatus(
                                peer.commands().replyTo(read, Op.TEXT_RESPONSE).targetTransferTag(RESERVED_TAG))),
                new Case(
                        "task management response nobody asked for",
                        (peer, read) -> peer.sendStatus(peer.commands().replyTo(read, Op.TASK_MANAGEMENT_RESPONSE))),
                new Case(
                        "reject that quotes nothing",
                        (peer, read) -> peer.sendStatus(RawReply.of(Op.REJECT)
                                .u8(2, 4)
                                .initiatorTaskTag(RESERVED_TAG)
                                .data(new byte[3]))),
                new Case("zeroes", (peer, read) -> peer.sendBytes(new byte[4096])),
                new Case(
                        "HTTP",
                        (peer, read) -> peer.sendBytes("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n%s"
                                .formatted("x".repeat(64))
                                .getBytes(StandardCharsets.US_ASCII))),
                new Case(
                        "async message that drops the session",
                        (peer, read) -> peer.sendStatus(RawReply.of(Op.ASYNC_MESSAGE)
                                .initiatorTaskTag(RESERVED_TAG)
                                .lun(-1)
                                .u8(36, 3))));
    }

    @TestFactory
    List<DynamicTest> senseDataThatLies() {
        return tests(
                this::readFailsAlone,
                senseCase("sense length beyond the segment", new byte[] {0x7f, (byte) 0xff, 0x70, 0, 3}),
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

    @FunctionalInterface
    private interface Trial {

        void of(Attack attack) throws Exception;
    }

    private static List<DynamicTest> tests(Trial trial, Case... cases) {
        return Arrays.stream(cases)
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> trial.of(one.attack())))
                .toList();
    }

    private void writeFails(Attack attack) throws Exception {
        Conversation.of(toTheEnd(Op::isWrite, attack))
                .configured(Configs::impatient)
                .run((initiator, disk) -> Failures.assertFails(initiator.startWrite(0, new byte[LENGTH])));
    }

    private void readFails(Attack attack) throws Exception {
        Conversation.of(toTheEnd(Op::isRead, attack))
                .configured(Configs::impatient)
                .run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }

    /** The connection ends: it is no longer to be trusted. */
    private static Script toTheEnd(Predicate<RawPdu> command, Attack attack) {
        return peer -> {
            peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
            peer.login();
            attack.answer(peer, peer.serveUntil(command));
            peer.expectEnd();
        };
    }

    /** Only the command fails; the connection is whole. */
    private void readFailsAlone(Attack attack) throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    attack.answer(peer, peer.serveUntil(Op::isRead));
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    Failures.assertFails(initiator.startRead(0, LENGTH));
                    initiator.flush();
                });
    }
}
