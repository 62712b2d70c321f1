package io.lunbridge.iscsi.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The target's headers: read from bytes laid out as the figures of RFC 7143 section 11 have them, and written. */
class ResponseGoldenTest {

    private static final long LUN = 0x4001_0203_0405_0607L;

    @Test
    void nopIn() {
        ByteBuf wire = wire("""
                20800000 00000000 40010203 04050607
                ffffffff b1b2b3b4 21222324 31323334
                41424344 00000000 00000000 00000000""");
        NopIn nop = new NopIn().wrap(wire, 0);
        assertThat(nop.lun()).isEqualTo(LUN);
        assertThat(nop.initiatorTaskTag()).isEqualTo(BasicHeader.RESERVED_TAG);
        assertThat(nop.targetTransferTag()).isEqualTo(0xb1b2b3b4);
        assertNumbers(nop);
        assertWritten(wire, numbers(new NopIn()).lun(LUN).targetTransferTag(0xb1b2b3b4));
    }

    @Test
    void scsiResponse() {
        ByteBuf wire = wire("""
                21860002 00000014 00000000 00000000
                a1a2a3a4 11121314 21222324 31323334
                41424344 51525354 61626364 71727374""");
        ScsiResponse response = new ScsiResponse().wrap(wire, 0);
        assertThat(response.overflow()).isTrue();
        assertThat(response.underflow()).isTrue();
        assertThat(response.response()).isEqualTo(ScsiResponse.COMPLETED_AT_TARGET);
        assertThat(response.status()).isEqualTo(2);
        assertThat(response.snackTag()).isEqualTo(0x11121314);
        assertThat(response.expDataSn()).isEqualTo(0x51525354);
        assertThat(response.bidirectionalReadResidualCount()).isEqualTo(0x61626364);
        assertThat(response.residualCount()).isEqualTo(0x71727374);
        assertThat(response.dataSegmentLength()).isEqualTo(20);
        assertNumbers(response);
        ScsiResponse written = numbers(new ScsiResponse())
                .initiatorTaskTag(0xa1a2a3a4)
                .overflow(true)
                .underflow(true)
                .status(2)
                .dataSegmentLength(20)
                .snackTag(0x11121314)
                .expDataSn(0x51525354)
                .bidirectionalReadResidualCount(0x61626364)
                .residualCount(0x71727374);
        assertWritten(wire, written);
    }

    @Test
    void taskManagementResponse() {
        ByteBuf wire = wire("""
                22800500 00000000 00000000 00000000
                a1a2a3a4 00000000 21222324 31323334
                41424344 00000000 00000000 00000000""");
        TaskManagementResponse response = new TaskManagementResponse().wrap(wire, 0);
        assertThat(response.response()).isEqualTo(TaskManagementResponse.FUNCTION_NOT_SUPPORTED);
        assertNumbers(response);
        assertWritten(
                wire,
                numbers(new TaskManagementResponse())
                        .initiatorTaskTag(0xa1a2a3a4)
                        .response(TaskManagementResponse.FUNCTION_NOT_SUPPORTED));
    }

    @Test
    void loginResponse() {
        ByteBuf wire = wire("""
                23440000 00000102 80123456 789a0102
                a1a2a3a4 00000000 21222324 31323334
                41424344 02030000 00000000 00000000""");
        LoginResponse response = new LoginResponse().wrap(wire, 0);
        assertThat(response.finalBit()).isFalse();
        assertThat(response.continueBit()).isTrue();
        assertThat(response.currentStage()).isEqualTo(LoginStage.OPERATIONAL_NEGOTIATION);
        assertThat(response.isid()).isEqualTo(0x8012_3456_789aL);
        assertThat(response.tsih()).isEqualTo(0x0102);
        assertThat(LoginStatus.of(response.status())).isEqualTo(LoginStatus.NOT_FOUND);
        assertNumbers(response);
        LoginResponse written = numbers(new LoginResponse())
                .continueBit(true)
                .currentStage(LoginStage.OPERATIONAL_NEGOTIATION)
                .dataSegmentLength(0x102)
                .isid(0x8012_3456_789aL)
                .tsih(0x0102)
                .initiatorTaskTag(0xa1a2a3a4)
                .status(LoginStatus.NOT_FOUND.code());
        assertWritten(wire, written);
    }

    @Test
    void textResponse() {
        ByteBuf wire = wire("""
                24c00000 00000102 40010203 04050607
                a1a2a3a4 b1b2b3b4 21222324 31323334
                41424344 00000000 00000000 00000000""");
        TextResponse response = new TextResponse().wrap(wire, 0);
        assertThat(response.finalBit()).isTrue();
        assertThat(response.continueBit()).isTrue();
        assertNumbers(response);
        assertWritten(
                wire,
                numbers(new TextResponse())
                        .continueBit(true)
                        .dataSegmentLength(0x102)
                        .lun(LUN)
                        .initiatorTaskTag(0xa1a2a3a4)
                        .targetTransferTag(0xb1b2b3b4));
    }

    @Test
    void dataIn() {
        ByteBuf wire = wire("""
                25c70008 00020000 40010203 04050607
                a1a2a3a4 b1b2b3b4 21222324 31323334
                41424344 51525354 61626364 71727374""");
        DataIn data = new DataIn().wrap(wire, 0);
        assertThat(data.finalBit()).isTrue();
        assertThat(data.acknowledgeBit()).isTrue();
        assertThat(data.overflow()).isTrue();
        assertThat(data.underflow()).isTrue();
        assertThat(data.statusBit()).isTrue();
        assertThat(data.status()).isEqualTo(8);
        assertThat(data.dataSegmentLength()).isEqualTo(0x20000);
        assertThat(data.dataSn()).isEqualTo(0x51525354);
        assertThat(data.bufferOffset()).isEqualTo(0x61626364);
        assertThat(data.residualCount()).isEqualTo(0x71727374);
        assertNumbers(data);
        DataIn written = numbers(new DataIn())
                .finalBit(true)
                .acknowledgeBit(true)
                .overflow(true)
                .underflow(true)
                .statusBit(true)
                .status(8)
                .dataSegmentLength(0x20000)
                .lun(LUN)
                .initiatorTaskTag(0xa1a2a3a4)
                .targetTransferTag(0xb1b2b3b4)
                .dataSn(0x51525354)
                .bufferOffset(0x61626364)
                .residualCount(0x71727374);
        assertWritten(wire, written);
    }

    @Test
    void logoutResponse() {
        ByteBuf wire = wire("""
                26800300 00000000 00000000 00000000
                a1a2a3a4 00000000 21222324 31323334
                41424344 00000000 00020014 00000000""");
        LogoutResponse response = new LogoutResponse().wrap(wire, 0);
        assertThat(response.response()).isEqualTo(LogoutResponse.CLEANUP_FAILED);
        assertThat(response.time2WaitSeconds()).isEqualTo(2);
        assertThat(response.time2RetainSeconds()).isEqualTo(20);
        assertNumbers(response);
        assertWritten(
                wire,
                numbers(new LogoutResponse())
                        .initiatorTaskTag(0xa1a2a3a4)
                        .response(3)
                        .time2WaitSeconds(2)
                        .time2RetainSeconds(20));
    }

    @Test
    void readyToTransfer() {
        ByteBuf wire = wire("""
                31800000 00000000 40010203 04050607
                a1a2a3a4 b1b2b3b4 21222324 31323334
                41424344 51525354 61626364 71727374""");
        ReadyToTransfer r2t = new ReadyToTransfer().wrap(wire, 0);
        assertThat(r2t.r2tSn()).isEqualTo(0x51525354);
        assertThat(r2t.bufferOffset()).isEqualTo(0x61626364);
        assertThat(r2t.desiredDataTransferLength()).isEqualTo(0x71727374);
        assertNumbers(r2t);
        assertWritten(
                wire,
                numbers(new ReadyToTransfer())
                        .lun(LUN)
                        .initiatorTaskTag(0xa1a2a3a4)
                        .targetTransferTag(0xb1b2b3b4)
                        .r2tSn(0x51525354)
                        .bufferOffset(0x61626364)
                        .desiredDataTransferLength(0x71727374));
    }

    @Test
    void asyncMessage() {
        ByteBuf wire = wire("""
                32800000 00000000 40010203 04050607
                ffffffff 00000000 21222324 31323334
                41424344 02050607 08090a0b 00000000""");
        AsyncMessage message = new AsyncMessage().wrap(wire, 0);
        assertThat(message.event()).isEqualTo(AsyncEvent.CONNECTION_DROP);
        assertThat(message.vendorCode()).isEqualTo(5);
        assertThat(message.parameter1()).isEqualTo(0x0607);
        assertThat(message.parameter2()).isEqualTo(0x0809);
        assertThat(message.parameter3()).isEqualTo(0x0a0b);
        assertNumbers(message);
        AsyncMessage written = numbers(new AsyncMessage())
                .lun(LUN)
                .event(AsyncEvent.CONNECTION_DROP)
                .vendorCode(5)
                .parameter1(0x0607)
                .parameter2(0x0809)
                .parameter3(0x0a0b);
        assertWritten(wire, written);
    }

    @Test
    void reject() {
        ByteBuf wire = wire("""
                3f800900 00000030 00000000 00000000
                ffffffff 00000000 21222324 31323334
                41424344 51525354 00000000 00000000""");
        Reject reject = new Reject().wrap(wire, 0);
        assertThat(reject.reason()).isEqualTo(RejectReason.INVALID_PDU_FIELD);
        assertThat(reject.dataSn()).isEqualTo(0x51525354);
        assertNumbers(reject);
        assertWritten(
                wire,
                numbers(new Reject())
                        .reason(RejectReason.INVALID_PDU_FIELD)
                        .dataSegmentLength(48)
                        .dataSn(0x51525354));
    }

    private static <S extends ResponseHeader<S>> S numbers(S header) {
        return header.wrapNew(Unpooled.wrappedBuffer(new byte[BasicHeader.LENGTH_BYTES]), 0)
                .statSn(0x21222324)
                .expCmdSn(0x31323334)
                .maxCmdSn(0x41424344);
    }

    private static void assertNumbers(ResponseHeader<?> header) {
        assertThat(header.statSn()).isEqualTo(0x21222324);
        assertThat(header.expCmdSn()).isEqualTo(0x31323334);
        assertThat(header.maxCmdSn()).isEqualTo(0x41424344);
    }

    private static void assertWritten(ByteBuf wire, BasicHeader<?> header) {
        assertThat(ByteBufUtil.hexDump(header.bytes())).isEqualTo(ByteBufUtil.hexDump(wire));
    }

    private static ByteBuf wire(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replaceAll("\\s", "")));
    }
}
