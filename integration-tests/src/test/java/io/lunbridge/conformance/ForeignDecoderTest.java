package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.NeedsTools;
import io.lunbridge.interop.Processes;
import io.lunbridge.iscsi.pdu.AsyncEvent;
import io.lunbridge.iscsi.pdu.AsyncMessage;
import io.lunbridge.iscsi.pdu.BasicHeader;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.DataOut;
import io.lunbridge.iscsi.pdu.LoginRequest;
import io.lunbridge.iscsi.pdu.LoginResponse;
import io.lunbridge.iscsi.pdu.LoginStage;
import io.lunbridge.iscsi.pdu.LogoutReason;
import io.lunbridge.iscsi.pdu.LogoutRequest;
import io.lunbridge.iscsi.pdu.LogoutResponse;
import io.lunbridge.iscsi.pdu.NopIn;
import io.lunbridge.iscsi.pdu.NopOut;
import io.lunbridge.iscsi.pdu.Opcode;
import io.lunbridge.iscsi.pdu.PduWriter;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;
import io.lunbridge.iscsi.pdu.Reject;
import io.lunbridge.iscsi.pdu.RejectReason;
import io.lunbridge.iscsi.pdu.ScsiCommand;
import io.lunbridge.iscsi.pdu.ScsiResponse;
import io.lunbridge.iscsi.pdu.SnackRequest;
import io.lunbridge.iscsi.pdu.TaskAttribute;
import io.lunbridge.iscsi.pdu.TaskFunction;
import io.lunbridge.iscsi.pdu.TaskManagementRequest;
import io.lunbridge.iscsi.pdu.TaskManagementResponse;
import io.lunbridge.iscsi.pdu.TextRequest;
import io.lunbridge.iscsi.pdu.TextResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What our codec writes, read by a decoder that is not ours: Wireshark's. Each PDU is given fields with values that
 * occur once, so that a field in the wrong place cannot go unnoticed.
 */
@NeedsTools("tshark")
class ForeignDecoderTest {

    private static final int TASK = 0xa1a2a3a4;
    private static final int TRANSFER = 0xb1b2b3b4;

    @TempDir
    private Path directory;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final PduWriter writer = new PduWriter(channel);
    private final Pcap pcap = new Pcap();
    private final List<Map<String, Long>> expected = new ArrayList<>();
    private final Set<Opcode> written = new LinkedHashSet<>();

    @BeforeEach
    void noDigests() {
        writer.digests(false, false);
    }

    @AfterEach
    void release() {
        writer.close();
        channel.finishAndReleaseAll();
    }

    @Test
    @Spec("RFC 7143 11")
    void everyOpcodeIsReadAsItWasMeant() throws IOException {
        requests();
        negotiation();
        responses();
        assertThat(written).containsExactlyInAnyOrder(Opcode.values());
        assertThat(decoded()).isEqualTo(expected);
    }

    private void requests() {
        BasicHeader<?> ping = writer.next(new NopOut())
                .immediate(true)
                .targetTransferTag(TRANSFER)
                .cmdSn(11)
                .expStatSn(12);
        pdu(ping, "", "I=1 initiatortasktag=0xffffffff targettransfertag=0xb1b2b3b4 cmdsn=11 expstatsn=12");
        BasicHeader<?> command = writer.next(new ScsiCommand())
                .writeBit(true)
                .finalBit(false)
                .attribute(TaskAttribute.ORDERED)
                .initiatorTaskTag(TASK)
                .expectedDataTransferLength(8192)
                .cmdSn(13)
                .expStatSn(14)
                .cdb(0x2a00_0001_0203_0000L, 0x1000_0000_0000_0000L);
        pdu(
                command,
                "immediate",
                "I=0 scsicommand.F=0 scsicommand.R=0 scsicommand.W=1 scsicommand.attr=2"
                        + " scsicommand.expecteddatatransferlength=8192 cmdsn=13 expstatsn=14 datasegmentlength=9");
        BasicHeader<?> abort = writer.next(new TaskManagementRequest())
                .immediate(true)
                .function(TaskFunction.LOGICAL_UNIT_RESET)
                .initiatorTaskTag(TASK)
                .referencedTaskTag(TRANSFER)
                .cmdSn(15)
                .expStatSn(16)
                .refCmdSn(17);
        pdu(
                abort,
                "",
                "taskmanfun.function=5 taskmanfun.referencedtasktag=0xb1b2b3b4 cmdsn=15 expstatsn=16 refcmdsn=17");
        BasicHeader<?> data = writer.next(new DataOut())
                .finalBit(true)
                .initiatorTaskTag(TASK)
                .targetTransferTag(TRANSFER)
                .expStatSn(18)
                .dataSn(19)
                .bufferOffset(4096);
        pdu(data, "data", "scsidata.F=1 targettransfertag=0xb1b2b3b4 expstatsn=18 datasn=19 bufferOffset=4096");
        lessCommonRequests();
    }

    private void lessCommonRequests() {
        BasicHeader<?> logout = writer.next(new LogoutRequest())
                .reason(LogoutReason.CLOSE_CONNECTION)
                .initiatorTaskTag(TASK)
                .connectionId(20)
                .cmdSn(21)
                .expStatSn(22);
        pdu(logout, "", "logout.reason=1 cid=20 cmdsn=21 expstatsn=22");
        BasicHeader<?> snack = writer.next(new SnackRequest())
                .type(SnackRequest.STATUS)
                .expStatSn(23)
                .begRun(24)
                .runLength(25);
        pdu(snack, "", "snack.type=1 expstatsn=23 snack.begrun=24 snack.runlength=25");
    }

    private void negotiation() {
        BasicHeader<?> login = writer.next(new LoginRequest())
                .finalBit(true)
                .currentStage(LoginStage.OPERATIONAL_NEGOTIATION)
                .nextStage(LoginStage.FULL_FEATURE_PHASE)
                .isid(0x8001_0203_0405L)
                .tsih(26)
                .initiatorTaskTag(TASK)
                .connectionId(27)
                .cmdSn(28)
                .expStatSn(29);
        pdu(
                login,
                "MaxBurstLength=512\0",
                "login.T=1 login.C=0 login.csg=1 login.nsg=3 isid.t=2 isid.d=0x0405 tsih=26 cid=27 cmdsn=28 expstatsn=29");
        BasicHeader<?> accepted = writer.next(new LoginResponse())
                .continueBit(true)
                .currentStage(LoginStage.OPERATIONAL_NEGOTIATION)
                .isid(0x8001_0203_0405L)
                .tsih(30)
                .initiatorTaskTag(TASK)
                .statSn(31)
                .expCmdSn(32)
                .maxCmdSn(33)
                .status(0x0201);
        pdu(
                accepted,
                "",
                "login.T=0 login.C=1 login.csg=1 tsih=30 statsn=31 expcmdsn=32 maxcmdsn=33 login.status=0x0201");
        BasicHeader<?> question = writer.next(new TextRequest())
                .initiatorTaskTag(TASK)
                .targetTransferTag(TRANSFER)
                .cmdSn(34)
                .expStatSn(35);
        pdu(question, "SendTargets=All\0", "text.F=1 text.C=0 targettransfertag=0xb1b2b3b4 cmdsn=34 expstatsn=35");
        BasicHeader<?> answer = writer.next(new TextResponse())
                .finalBit(false)
                .continueBit(true)
                .initiatorTaskTag(TASK)
                .targetTransferTag(TRANSFER)
                .statSn(36)
                .expCmdSn(37)
                .maxCmdSn(38);
        pdu(
                answer,
                "TargetName=iqn.a\0",
                "text.F=0 text.C=1 targettransfertag=0xb1b2b3b4 statsn=36 expcmdsn=37 maxcmdsn=38");
    }

    private void responses() {
        BasicHeader<?> ping = writer.next(new NopIn())
                .targetTransferTag(TRANSFER)
                .statSn(39)
                .expCmdSn(40)
                .maxCmdSn(41);
        pdu(ping, "", "initiatortasktag=0xffffffff targettransfertag=0xb1b2b3b4 statsn=39 expcmdsn=40 maxcmdsn=41");
        BasicHeader<?> response = writer.next(new ScsiResponse())
                .initiatorTaskTag(TASK)
                .underflow(true)
                .status(8)
                .statSn(42)
                .expCmdSn(43)
                .maxCmdSn(44)
                .expDataSn(45)
                .residualCount(46);
        pdu(
                response,
                "",
                "scsiresponse.O=0 scsiresponse.U=1 scsiresponse.response=0 scsiresponse.status=8 statsn=42 expcmdsn=43"
                        + " maxcmdsn=44 expdatasn=45 scsiresponse.residualcount=46");
        BasicHeader<?> done = writer.next(new TaskManagementResponse())
                .initiatorTaskTag(TASK)
                .response(TaskManagementResponse.FUNCTION_REJECTED)
                .statSn(47)
                .expCmdSn(48)
                .maxCmdSn(49);
        pdu(done, "", "taskmanfun.response=255 statsn=47 expcmdsn=48 maxcmdsn=49");
        BasicHeader<?> data = writer.next(new DataIn())
                .finalBit(true)
                .statusBit(true)
                .overflow(true)
                .initiatorTaskTag(TASK)
                .statSn(50)
                .expCmdSn(51)
                .maxCmdSn(52)
                .dataSn(53)
                .bufferOffset(8192)
                .residualCount(54);
        pdu(
                data,
                "payload",
                "scsidata.F=1 scsidata.A=0 scsidata.S=1 scsidata.O=1 scsidata.U=0 statsn=50"
                        + " expcmdsn=51 maxcmdsn=52 datasn=53 bufferOffset=8192 scsidata.readresidualcount=54");
        lessCommonResponses();
    }

    private void lessCommonResponses() {
        BasicHeader<?> logout = writer.next(new LogoutResponse())
                .initiatorTaskTag(TASK)
                .response(LogoutResponse.CLEANUP_FAILED)
                .statSn(55)
                .expCmdSn(56)
                .maxCmdSn(57)
                .time2WaitSeconds(58)
                .time2RetainSeconds(59);
        pdu(logout, "", "logout.response=3 statsn=55 expcmdsn=56 maxcmdsn=57 time2wait=58 time2retain=59");
        BasicHeader<?> r2t = writer.next(new ReadyToTransfer())
                .initiatorTaskTag(TASK)
                .targetTransferTag(TRANSFER)
                .statSn(60)
                .expCmdSn(61)
                .maxCmdSn(62)
                .r2tSn(63)
                .bufferOffset(64)
                .desiredDataTransferLength(65);
        pdu(
                r2t,
                "",
                "targettransfertag=0xb1b2b3b4 statsn=60 expcmdsn=61 maxcmdsn=62 r2tsn=63 bufferOffset=64"
                        + " desireddatalength=65");
        BasicHeader<?> event = writer.next(new AsyncMessage())
                .event(AsyncEvent.SESSION_DROP)
                .statSn(66)
                .expCmdSn(67)
                .maxCmdSn(68)
                .parameter1(69)
                .parameter2(70)
                .parameter3(71);
        pdu(event, "", "asyncevent=3 statsn=66 expcmdsn=67 maxcmdsn=68 parameter1=69 parameter2=70 parameter3=71");
        BasicHeader<?> reject = writer.next(new Reject())
                .reason(RejectReason.PROTOCOL_ERROR)
                .statSn(72)
                .expCmdSn(73)
                .maxCmdSn(74)
                .dataSn(75);
        pdu(reject, "", "reject.reason=4 statsn=72 expcmdsn=73 maxcmdsn=74 datasn=75");
    }

    /** Finishes the PDU and notes what is to be read from it, as {@code field=value} separated by blanks. */
    private void pdu(BasicHeader<?> header, String data, String fields) {
        Map<String, Long> wanted = new TreeMap<>();
        wanted.put("opcode", (long) header.opcode().code());
        for (String field : fields.split(" ", -1)) {
            int equals = field.indexOf('=');
            wanted.put(field.substring(0, equals), Long.decode(field.substring(equals + 1)));
        }
        expected.add(wanted);
        written.add(header.opcode());
        writer.finish(Unpooled.copiedBuffer(data, StandardCharsets.US_ASCII));
        writer.flush();
        pcap.add(drain(), header.opcode().fromTarget());
    }

    private byte[] drain() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    /** What Wireshark reads, reduced to the fields that were asked for of each PDU. */
    private List<Map<String, Long>> decoded() throws IOException {
        Path file = directory.resolve("pdus.pcap");
        Files.write(file, pcap.bytes());
        List<String> fields = expected.stream()
                .flatMap(map -> map.keySet().stream())
                .distinct()
                .toList();
        List<String> command = new ArrayList<>(List.of("tshark", "-r", file.toString(), "-T", "fields"));
        command.addAll(List.of("-E", "separator=|", "-E", "occurrence=f"));
        fields.forEach(field -> command.addAll(List.of("-e", "iscsi." + field)));
        String output = Processes.run(command.toArray(String[]::new)).output();
        List<String> rows = output.lines().filter(line -> line.contains("|")).toList();
        assertThat(rows).as(output).hasSameSizeAs(expected);
        List<Map<String, Long>> decoded = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String[] values = rows.get(i).split("\\|", -1);
            Map<String, Long> row = new TreeMap<>();
            for (String wanted : expected.get(i).keySet()) {
                String value = values[fields.indexOf(wanted)];
                row.put(wanted, value.isEmpty() ? -1L : Long.decode(value));
            }
            decoded.add(row);
        }
        return decoded;
    }
}
