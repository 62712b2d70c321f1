package io.lunbridge.faults;

import static io.lunbridge.faults.HostileTarget.LENGTH;
import static io.lunbridge.faults.HostileTarget.tests;
import static io.lunbridge.scripted.RawReply.RESERVED_TAG;

import io.lunbridge.faults.HostileTarget.Case;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.Scsi;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** PDUs that are none, or that nobody asked for, or whose numbers are wrong: the connection is not to be trusted. */
class HostileFrameTest {

    @TestFactory
    List<DynamicTest> statusNumbers() {
        return tests(
                HostileTarget::readFails,
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

    @TestFactory
    List<DynamicTest> frames() {
        return tests(
                HostileTarget::readFails,
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
    List<DynamicTest> segmentsWhereNoneMayBe() {
        return tests(
                HostileTarget::readFails,
                new Case(
                        "logout response with data",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .replyTo(read, Op.LOGOUT_RESPONSE)
                                .data(new byte[4]))),
                new Case(
                        "task management response with data",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .replyTo(read, Op.TASK_MANAGEMENT_RESPONSE)
                                .data(new byte[4]))),
                new Case(
                        "SCSI response with additional header segments",
                        (peer, read) -> peer.sendStatus(peer.commands()
                                .replyTo(read, Op.SCSI_RESPONSE)
                                .data(new byte[64])
                                .u8(4, 2))),
                new Case(
                        "NOP-In with additional header segments",
                        (peer, read) -> peer.sendUnacknowledged(RawReply.of(Op.NOP_IN)
                                .initiatorTaskTag(RESERVED_TAG)
                                .targetTransferTag(1)
                                .data(new byte[64])
                                .u8(4, 2))),
                new Case(
                        "SCSI response with a segment of 16 MiB",
                        (peer, read) -> peer.sendStatus(
                                peer.commands().replyTo(read, Op.SCSI_RESPONSE).dataSegmentLength(0xffffff))));
    }
}
