package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.pdu.AsyncEvent;
import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.Opcode;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusOpening;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.recovery.SessionSource;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.iscsi.session.TestTarget;
import io.lunbridge.scsi.Lun;
import io.lunbridge.scsi.ScsiStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A logical unit that answers as the test says, on a session in full feature phase. As it comes, it is a writable disk of
 * 1 MiB in blocks of 512 bytes, thinly provisioned, with FUA and a write cache.
 */
final class FakeUnit implements SessionSource, AutoCloseable {

    static final int INQUIRY = 0x12;
    static final int TEST_UNIT_READY = 0x00;
    static final int MODE_SENSE_6 = 0x1a;
    static final int MODE_SENSE_10 = 0x5a;
    static final int READ_CAPACITY_10 = 0x25;
    static final int SERVICE_ACTION_IN = 0x9e;
    static final int READ_16 = 0x88;
    static final int READ_10 = 0x28;
    static final int WRITE_16 = 0x8a;
    static final int SYNCHRONIZE_CACHE = 0x35;
    static final int UNMAP = 0x42;
    static final int WRITE_SAME_16 = 0x93;
    static final int WRITE_SAME_10 = 0x41;
    static final int PRE_FETCH = 0x34;

    static final String GOOD = "";
    private static final String ILLEGAL = "02:700005000000000a00000000";
    static final String INVALID_OPCODE = ILLEGAL + "2000";
    static final String INVALID_FIELD = ILLEGAL + "2400";
    static final String NO_SUCH_UNIT = ILLEGAL + "2500";
    static final String UNIT_ATTENTION = "02:7000060000000000000000002900";
    static final String MEDIUM_ERROR = "02:7000030000000000000000001100";
    static final String BUSY = "08:";

    TestTarget target = new TestTarget(32, 1000, true);

    /** Whether logins succeed. */
    boolean reachable = true;

    /** Answers in place of this unit, as far as it wants to. */
    interface Medium {

        /** Whether it has answered the command, or will, or never will. */
        boolean takes(ScsiCommand command, ByteBuf data);

        /** A login comes; every session before it is over. */
        void loggedIn();
    }

    @Nullable
    Medium medium;

    /** The opcode of commands that are not answered. */
    int ignored = -1;

    private final List<TestTarget> targets = new ArrayList<>(List.of(target));
    final List<String> cdbs = new ArrayList<>();
    final List<String> openingCdbs = new ArrayList<>();
    final List<String> writtenData = new ArrayList<>();
    private final Map<String, Queue<String>> answers = new HashMap<>();
    private final Map<String, String> lastAnswers = new HashMap<>();

    @Nullable
    DiskException refusal;

    private @Nullable ScsiDisk disk;

    FakeUnit() {
        always(INQUIRY, "", "000005021f000000" + ascii("ACME    ") + ascii("FAKE DISK       ") + ascii("0001"));
        always(INQUIRY, "00", "00000006" + "008083b0b1b2");
        always(INQUIRY, "80", "00800004" + ascii("S123"));
        always(INQUIRY, "83", "0083000c" + "010300085000000000000001");
        always(INQUIRY, "b0", limits(0, 0, 0, 0));
        always(INQUIRY, "b1", "00b1003c0001");
        always(INQUIRY, "b2", "00b2000400e40200");
        always(SERVICE_ACTION_IN, "10", "00000000000007ff" + "00000200" + "0000c000" + "00".repeat(16));
        always(SERVICE_ACTION_IN, "12", "00000014" + "00000000" + "0000000000000000" + "00000800" + "00000000");
        always(MODE_SENSE_6, "", "17001000" + "081204" + "00".repeat(17));
    }

    /** Page B0h. */
    static String limits(int unmapBlocks, int granularity, int alignment, long writeSameBlocks) {
        return "00b0003c" + "00".repeat(16) + String.format("%08x", unmapBlocks) + "00000001"
                + String.format("%08x", granularity) + String.format("%08x", alignment | 0x8000_0000)
                + String.format("%016x", writeSameBlocks) + "00".repeat(20);
    }

    /** Answers every such command so: hexadecimal data, or a status in two digits, a colon and sense. */
    FakeUnit always(int opcode, String answer) {
        return always(opcode, "", answer);
    }

    /** The same for a VPD page or a service action. */
    FakeUnit always(int opcode, String which, String answer) {
        lastAnswers.put(opcode + which, answer);
        return this;
    }

    /** Answers the next such command so, before what {@link #always} says. */
    FakeUnit next(int opcode, String... inOrder) {
        answers.computeIfAbsent(opcode + "", key -> new ArrayDeque<>()).addAll(List.of(inOrder));
        return this;
    }

    /** Lets the disk be opened; the commands of that are kept in {@link #openingCdbs} alone. */
    FakeUnit open() {
        return open(Nexus.of(target.session));
    }

    /** The same for a disk that gets a new session when the old one is lost. */
    FakeUnit open(RecoveryPolicy policy) {
        return open(policy, new SessionConfig.Limits(32, 32, 0));
    }

    /** The same within those limits. */
    FakeUnit open(RecoveryPolicy policy, SessionConfig.Limits limits) {
        SessionConfig config = TestTarget.config()
                .withLimits(limits)
                .withTimeouts(TestTarget.config().timeouts().withoutPings());
        Nexus.open(this, config, policy, () -> 0.5, new NexusOpening() {
            @Override
            public void opened(Nexus nexus) {
                open(nexus);
            }

            @Override
            public void failed(SessionException cause) {
                throw new AssertionError(cause);
            }
        });
        // The nexus has its timers on the loop of the first session's channel, and an embedded channel that is closed
        // takes them along: so that session ends now.
        target.lose(-1);
        passMillis(15_000, 100);
        cdbs.clear();
        return this;
    }

    /** A login. */
    @Override
    public void open(SessionConfig config, SessionOpening opening) {
        if (reachable) {
            target = new TestTarget(config, 1000);
            targets.add(target);
            if (medium != null) {
                medium.loggedIn();
            }
            opening.opened(target.session);
        } else {
            opening.failed(TestTarget.failure(SessionException.Kind.TIMEOUT, "not reachable"));
        }
    }

    private FakeUnit open(Nexus nexus) {
        ScsiDisk.open(nexus, Lun.ofNumber(1), new DiskOpening() {
            @Override
            public void opened(ScsiDisk opened) {
                disk = opened;
            }

            @Override
            public void failed(DiskException cause) {
                refusal = cause;
            }
        });
        run();
        passMillis(2000);
        openingCdbs.addAll(cdbs);
        cdbs.clear();
        writtenData.clear();
        return this;
    }

    ScsiDisk disk() {
        if (disk == null) {
            throw new AssertionError("not opened", refusal);
        }
        return disk;
    }

    /** Why the disk could not be opened. */
    DiskException refusal() {
        if (refusal == null) {
            throw new AssertionError("not refused");
        }
        return refusal;
    }

    /** Answers until the disk has nothing more to send; on a lost session nothing. */
    void run() {
        TestTarget at = target;
        for (List<TestTarget.Sent> sent = sent(at); !sent.isEmpty(); sent = sent(at)) {
            for (TestTarget.Sent pdu : sent) {
                if (at.channel.isOpen()) {
                    answer(pdu);
                }
            }
            if (at.channel.isOpen()) {
                at.deliver();
            }
            at = target;
        }
    }

    /** Runs what other loops have given to this one's, and answers. */
    void turn() {
        for (TestTarget each : List.copyOf(targets)) {
            each.channel.runPendingTasks();
        }
        run();
    }

    private static List<TestTarget.Sent> sent(TestTarget at) {
        return at.channel.isOpen() ? at.sent() : List.of();
    }

    /** The same in steps so long that a simulation of hours takes no time; only what is alive has a clock. */
    void passMillis(int millis, int stepMillis) {
        for (int passed = 0; passed < millis; passed += stepMillis) {
            for (TestTarget each : new LinkedHashSet<>(List.of(targets.get(1), target))) {
                each.channel.advanceTimeBy(stepMillis, TimeUnit.MILLISECONDS);
                each.channel.runScheduledPendingTasks();
            }
            run();
        }
    }

    void passMillis(int millis) {
        for (int passed = 0; passed < millis; passed += 5) {
            for (TestTarget each : List.copyOf(targets)) {
                each.channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
                each.channel.runScheduledPendingTasks();
            }
            run();
        }
    }

    private void answer(TestTarget.Sent pdu) {
        if ((pdu.header().getByte(0) & 0x3f) == Opcode.NOP_OUT.code()) {
            int tag = pdu.as(new NopOut()).initiatorTaskTag();
            target.add(new NopIn(), header -> header.initiatorTaskTag(tag));
            target.statSn++;
            return;
        }
        if ((pdu.header().getByte(0) & 0x3f) != Opcode.SCSI_COMMAND.code()) {
            return;
        }
        ScsiCommand command = pdu.as(new ScsiCommand());
        if (medium != null && medium.takes(command, pdu.data())) {
            return;
        }
        StringBuilder cdb = new StringBuilder();
        for (int i = 0; i < ScsiCommand.CDB_BYTES; i++) {
            cdb.append(String.format("%02x", command.cdbByte(i)));
        }
        cdbs.add(cdb.toString());
        if (pdu.data().isReadable()) {
            writtenData.add(ByteBufUtil.hexDump(pdu.data()));
        }
        if (command.cdbByte(0) != ignored) {
            respond(command, answerTo(command));
        }
    }

    private String answerTo(ScsiCommand command) {
        int opcode = command.cdbByte(0);
        Queue<String> queued = answers.getOrDefault(opcode + "", new ArrayDeque<>());
        if (!queued.isEmpty()) {
            return queued.remove();
        }
        boolean vpd = opcode == INQUIRY && command.cdbByte(1) == 1;
        String which = vpd
                ? String.format("%02x", command.cdbByte(2))
                : opcode == SERVICE_ACTION_IN ? String.format("%02x", command.cdbByte(1)) : "";
        return lastAnswers.getOrDefault(opcode + which, GOOD);
    }

    void respond(ScsiCommand command, String answer) {
        target.expCmdSn = command.cmdSn() + 1;
        target.maxCmdSn = command.cmdSn() + 1000;
        int tag = command.initiatorTaskTag();
        int colon = answer.indexOf(':');
        if (colon >= 0) {
            int status = Integer.parseInt(answer.substring(0, colon), 16);
            ByteBuf sense = hex(answer.substring(colon + 1));
            ByteBuf segment = sense.isReadable()
                    ? Unpooled.buffer().writeShort(sense.readableBytes()).writeBytes(sense)
                    : sense;
            target.add(
                    new ScsiResponse(),
                    segment,
                    header -> header.initiatorTaskTag(tag).status(status));
        } else {
            ByteBuf data = hex(answer);
            int expected = command.expectedDataTransferLength();
            ByteBuf sent = data.slice(0, Math.min(expected, data.readableBytes()));
            if (command.readBit() && sent.isReadable()) {
                target.add(
                        new DataIn(),
                        sent,
                        header -> header.initiatorTaskTag(tag)
                                .finalBit(true)
                                .statusBit(true)
                                .status(ScsiStatus.GOOD)
                                .underflow(sent.readableBytes() < expected)
                                .residualCount(expected - sent.readableBytes()));
            } else {
                target.add(new ScsiResponse(), header -> header.initiatorTaskTag(tag));
            }
        }
        target.statSn++;
    }

    /** Sends an asynchronous message of event 0 about a unit, with sense as an answer would have it. */
    void tell(int lun, String answer) {
        ByteBuf sense = hex(answer.substring(answer.indexOf(':') + 1));
        target.add(
                new AsyncMessage(),
                Unpooled.buffer().writeShort(sense.readableBytes()).writeBytes(sense),
                header -> header.lun(Lun.ofNumber(lun).eightBytes()).event(AsyncEvent.SCSI_EVENT));
        target.statSn++;
        target.deliver();
    }

    private static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(digits));
    }

    static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        targets.forEach(TestTarget::close);
    }
}
