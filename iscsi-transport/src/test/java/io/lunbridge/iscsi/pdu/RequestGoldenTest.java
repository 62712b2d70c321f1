package io.lunbridge.iscsi.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The initiator's headers, byte by byte as the figures of RFC 7143 section 11 have them. Each line is 16 bytes. */
class RequestGoldenTest {

    private static final long LUN = 0x4001_0203_0405_0607L;

    private final ByteBuf buffer = Unpooled.wrappedBuffer(new byte[64]);

    @Test
    void nopOut() {
        buffer.setZero(0, 64).setByte(60, 0x55);
        new NopOut()
                .wrapNew(buffer, 8)
                .immediate(true)
                .lun(LUN)
                .targetTransferTag(0x11121314)
                .cmdSn(0x21222324)
                .expStatSn(0x31323334);
        assertHex(8, """
                40800000 00000000 40010203 04050607
                ffffffff 11121314 21222324 31323334
                00000000 00000000 00000000 00000000""");
        NopOut read = new NopOut().wrap(buffer, 8);
        assertThat(read.immediate()).isTrue();
        assertThat(read.lun()).isEqualTo(LUN);
        assertThat(read.initiatorTaskTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(read.cmdSn()).isEqualTo(0x21222324);
        assertThat(read.expStatSn()).isEqualTo(0x31323334);
    }

    @Test
    void scsiCommand() {
        ScsiCommand command = new ScsiCommand()
                .wrapNew(buffer, 0)
                .writeBit(true)
                .finalBit(false)
                .attribute(TaskAttribute.SIMPLE)
                .dataSegmentLength(0x010203)
                .lun(LUN)
                .initiatorTaskTag(0xa1a2a3a4)
                .expectedDataTransferLength(0x00400000)
                .cmdSn(0x21222324)
                .expStatSn(0x31323334)
                .cdb(0x8a08_0000_0001_0203L, 0x0405_0000_2000_0000L);
        assertHex(0, """
                01210000 00010203 40010203 04050607
                a1a2a3a4 00400000 21222324 31323334
                8a080000 00010203 04050000 20000000""");
        assertThat(command.readBit()).isFalse();
        assertThat(command.writeBit()).isTrue();
        assertThat(command.attribute()).isEqualTo(TaskAttribute.SIMPLE);
        assertThat(command.cdbByte(0)).isEqualTo(0x8a);
        command.cdb(new byte[] {0x12, 1, (byte) 0x83, 0, (byte) 0xff, 0})
                .writeBit(false)
                .readBit(true)
                .finalBit(true);
        assertHex(0, """
                01c10000 00010203 40010203 04050607
                a1a2a3a4 00400000 21222324 31323334
                12018300 ff000000 00000000 00000000""");
    }

    @Test
    void taskManagementRequest() {
        new TaskManagementRequest()
                .wrapNew(buffer, 0)
                .immediate(true)
                .function(TaskFunction.ABORT_TASK)
                .lun(LUN)
                .initiatorTaskTag(0xa1a2a3a4)
                .referencedTaskTag(0xb1b2b3b4)
                .cmdSn(0x21222324)
                .expStatSn(0x31323334)
                .refCmdSn(0x41424344)
                .expDataSn(0x51525354);
        assertHex(0, """
                42810000 00000000 40010203 04050607
                a1a2a3a4 b1b2b3b4 21222324 31323334
                41424344 51525354 00000000 00000000""");
    }

    @Test
    void taskFunctionsHaveTheNumbersOfTheStandard() {
        assertThat(TaskFunction.ABORT_TASK.code()).isEqualTo(1);
        assertThat(TaskFunction.ABORT_TASK_SET.code()).isEqualTo(2);
        assertThat(TaskFunction.CLEAR_ACA.code()).isEqualTo(3);
        assertThat(TaskFunction.CLEAR_TASK_SET.code()).isEqualTo(4);
        assertThat(TaskFunction.LOGICAL_UNIT_RESET.code()).isEqualTo(5);
        assertThat(TaskFunction.TARGET_WARM_RESET.code()).isEqualTo(6);
        assertThat(TaskFunction.TARGET_COLD_RESET.code()).isEqualTo(7);
        assertThat(TaskFunction.TASK_REASSIGN.code()).isEqualTo(8);
        for (TaskFunction function : TaskFunction.values()) {
            assertThat(TaskFunction.of(function.code())).isEqualTo(function);
        }
        assertThat(TaskFunction.of(9)).isEqualTo(TaskFunction.UNKNOWN);
    }

    @Test
    void loginRequest() {
        LoginRequest login = new LoginRequest()
                .wrapNew(buffer, 0)
                .finalBit(true)
                .currentStage(LoginStage.OPERATIONAL_NEGOTIATION)
                .nextStage(LoginStage.FULL_FEATURE_PHASE)
                .isid(0x8012_3456_789aL)
                .tsih(0x0102)
                .initiatorTaskTag(0xa1a2a3a4)
                .connectionId(0x0304)
                .cmdSn(0x21222324)
                .expStatSn(0x31323334);
        assertHex(0, """
                43870000 00000000 80123456 789a0102
                a1a2a3a4 03040000 21222324 31323334
                00000000 00000000 00000000 00000000""");
        assertThat(login.isid()).isEqualTo(0x8012_3456_789aL);
        assertThat(login.tsih()).isEqualTo(0x0102);
        login.isid(0x4000_0000_0001L);
        assertThat(login.tsih()).isEqualTo(0x0102);
        assertThat(login.currentStage()).isEqualTo(LoginStage.OPERATIONAL_NEGOTIATION);
        assertThat(login.nextStage()).isEqualTo(LoginStage.FULL_FEATURE_PHASE);
    }

    @Test
    void textRequest() {
        new TextRequest()
                .wrapNew(buffer, 0)
                .finalBit(false)
                .continueBit(true)
                .dataSegmentLength(5)
                .lun(LUN)
                .initiatorTaskTag(0xa1a2a3a4)
                .cmdSn(0x21222324)
                .expStatSn(0x31323334);
        assertHex(0, """
                04400000 00000005 40010203 04050607
                a1a2a3a4 ffffffff 21222324 31323334
                00000000 00000000 00000000 00000000""");
    }

    @Test
    void dataOut() {
        new DataOut()
                .wrapNew(buffer, 0)
                .finalBit(true)
                .dataSegmentLength(0x2000)
                .lun(LUN)
                .initiatorTaskTag(0xa1a2a3a4)
                .targetTransferTag(0xb1b2b3b4)
                .expStatSn(0x31323334)
                .dataSn(0x41424344)
                .bufferOffset(0x51525354);
        assertHex(0, """
                05800000 00002000 40010203 04050607
                a1a2a3a4 b1b2b3b4 00000000 31323334
                00000000 41424344 51525354 00000000""");
    }

    @Test
    void logoutRequest() {
        LogoutRequest logout = new LogoutRequest()
                .wrapNew(buffer, 0)
                .immediate(true)
                .reason(LogoutReason.REMOVE_CONNECTION_FOR_RECOVERY)
                .initiatorTaskTag(0xa1a2a3a4)
                .connectionId(0x0304)
                .cmdSn(0x21222324)
                .expStatSn(0x31323334);
        assertHex(0, """
                46820000 00000000 00000000 00000000
                a1a2a3a4 03040000 21222324 31323334
                00000000 00000000 00000000 00000000""");
        assertThat(logout.reason(LogoutReason.CLOSE_SESSION).reason()).isEqualTo(LogoutReason.CLOSE_SESSION);
    }

    @Test
    void snackRequest() {
        new SnackRequest()
                .wrapNew(buffer, 0)
                .type(SnackRequest.DATA_ACK)
                .lun(LUN)
                .targetTransferTag(0xb1b2b3b4)
                .expStatSn(0x31323334)
                .begRun(0x41424344)
                .runLength(0x51525354);
        assertHex(0, """
                10820000 00000000 40010203 04050607
                ffffffff b1b2b3b4 00000000 31323334
                00000000 00000000 41424344 51525354""");
    }

    private void assertHex(int at, String expected) {
        assertThat(ByteBufUtil.hexDump(buffer, at, BasicHeader.LENGTH_BYTES)).isEqualTo(expected.replaceAll("\\s", ""));
    }
}
