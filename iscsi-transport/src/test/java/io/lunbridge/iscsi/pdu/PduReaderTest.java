package io.lunbridge.iscsi.pdu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.iscsi.pdu.PduException.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PduReaderTest {

    private static final int LIMIT_BYTES = 8192;

    /** Whatever the cut into reads, the same calls come out; with digests and without. */
    @ParameterizedTest
    @CsvSource({"false,false", "true,false", "false,true", "true,true"})
    void everyCutGivesTheSameCalls(boolean headerDigest, boolean dataDigest) throws PduException {
        byte[] wire = responses(headerDigest, dataDigest);
        for (int chunk = 1; chunk <= wire.length; chunk++) {
            try (ReceivedPdus received = new ReceivedPdus()) {
                PduReader reader = PduReader.ofResponses(received, LIMIT_BYTES);
                reader.digests(headerDigest, dataDigest);
                for (int at = 0; at < wire.length; at += chunk) {
                    reader.read(pooled(wire, at, Math.min(chunk, wire.length - at)));
                }
                assertThat(received.calls)
                        .as("chunks of %d", chunk)
                        .containsExactly(
                                "NOP_IN[itt=ffffffff, data=5] hello",
                                "begin DATA_IN[itt=7, data=6]",
                                "end true abcdef",
                                "READY_TO_TRANSFER[itt=8, data=0] ",
                                "begin DATA_IN[itt=9, data=0]",
                                "end true ",
                                "SCSI_RESPONSE[itt=9, data=8] response");
            }
        }
    }

    @Test
    void payloadIsASliceOfTheReceiveBuffer() throws PduException {
        ByteBuf in = pooled(responses(false, false));
        long memory = in.memoryAddress();
        long end = memory + in.readableBytes();
        try (ReceivedPdus received = new ReceivedPdus()) {
            PduReader.ofResponses(received, LIMIT_BYTES).read(in);
            assertThat(received.pieces).hasSize(1);
            assertThat(received.pieces.get(0).memoryAddress()).isBetween(memory, end);
            assertThat(in.refCnt()).isEqualTo(1);
        }
        assertThat(in.refCnt()).isZero();
    }

    @Test
    void piecesArriveBeforeThePduIsComplete() throws PduException {
        byte[] wire = responses(false, false);
        int dataInAt = 48 + 8;
        try (ReceivedPdus received = new ReceivedPdus()) {
            PduReader reader = PduReader.ofResponses(received, LIMIT_BYTES);
            reader.read(pooled(wire, 0, dataInAt + 48 + 2));
            assertThat(received.pieces).hasSize(1);
            assertThat(received.calls).last().isEqualTo("begin DATA_IN[itt=7, data=6]");
            reader.close();
        }
    }

    @Test
    void wrongDataDigestOfDataInIsToldAndTheConnectionGoesOn() throws PduException {
        byte[] wire = responses(false, true);
        wire[48 + 8 + 4 + 48] ^= 1;
        try (ReceivedPdus received = new ReceivedPdus()) {
            PduReader reader = PduReader.ofResponses(received, LIMIT_BYTES);
            reader.digests(false, true);
            reader.read(pooled(wire));
            assertThat(received.calls)
                    .contains("end false `bcdef")
                    .last()
                    .isEqualTo("SCSI_RESPONSE[itt=9, data=8] response");
        }
    }

    @Test
    void paddingIsDigestedAsReceived() throws PduException {
        byte[] wire = responses(false, true);
        wire[48 + 8 + 4 + 48 + 6] = 1;
        try (ReceivedPdus received = new ReceivedPdus()) {
            PduReader reader = PduReader.ofResponses(received, LIMIT_BYTES);
            reader.digests(false, true);
            reader.read(pooled(wire));
            assertThat(received.calls).contains("end false abcdef");
        }
    }

    @Test
    void wrongHeaderDigestKills() {
        byte[] wire = responses(true, false);
        wire[20] ^= 1;
        assertDies(Cause.HEADER_DIGEST, wire, true, false);
    }

    @Test
    void wrongDataDigestOfAnyOtherPduKills() {
        byte[] wire = responses(false, true);
        wire[48] ^= 1;
        assertDies(Cause.DATA_DIGEST, wire, false, true);
    }

    @Test
    void opcodesOfTheOtherRoleAndUnassignedOnesKill() {
        for (int code = 0; code < 64; code++) {
            Opcode opcode = Opcode.ofFirstByte(code);
            if (opcode == null || !opcode.fromTarget()) {
                byte[] wire = new byte[48];
                wire[0] = (byte) code;
                assertDies(Cause.OPCODE, wire, false, false);
            }
        }
    }

    @Test
    void aSegmentOverTheLimitKillsBeforeItArrives() {
        byte[] wire = new byte[48];
        new DataIn().wrapNew(Unpooled.wrappedBuffer(wire), 0).dataSegmentLength(LIMIT_BYTES + 1);
        assertDies(Cause.DATA_SEGMENT_LENGTH, wire, false, false);
    }

    @Test
    void additionalHeadersInAResponseKill() {
        byte[] wire = new byte[52];
        new NopIn().wrapNew(Unpooled.wrappedBuffer(wire), 0);
        wire[4] = 1;
        assertDies(Cause.ADDITIONAL_HEADER, wire, false, false);
    }

    @ParameterizedTest
    @CsvSource({"0005_02_00_00000000,true", "0009_01_00_00000000,false", "0005_03_00_00000000,false"})
    void additionalHeadersOfACommandAreChecked(String ahs, boolean valid) throws PduException {
        byte[] bytes = io.netty.buffer.ByteBufUtil.decodeHexDump(ahs.replace("_", ""));
        ByteBuf wire =
                PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(48).writeBytes(bytes);
        new ScsiCommand().wrapNew(wire, 0).initiatorTaskTag(3);
        wire.setByte(4, bytes.length / 4);
        ReceivedPdus received = new ReceivedPdus();
        PduReader reader = PduReader.ofRequests(received, LIMIT_BYTES);
        if (valid) {
            reader.read(wire);
            assertThat(received.calls).containsExactly("begin SCSI_COMMAND[itt=3, data=0]", "end true ");
        } else {
            assertThatThrownBy(() -> reader.read(wire)).isInstanceOf(PduException.class);
            assertThat(wire.refCnt()).isZero();
        }
    }

    @Test
    void aClosedReaderReleasesWhatItGets() throws PduException {
        ReceivedPdus received = new ReceivedPdus();
        PduReader reader = PduReader.ofResponses(received, LIMIT_BYTES);
        byte[] wire = responses(false, false);
        reader.read(pooled(wire, 0, 50));
        reader.close();
        ByteBuf rest = pooled(wire, 50, wire.length - 50);
        reader.read(rest);
        assertThat(rest.refCnt()).isZero();
        assertThat(received.calls).isEmpty();
    }

    private static void assertDies(Cause cause, byte[] wire, boolean headerDigest, boolean dataDigest) {
        try (ReceivedPdus received = new ReceivedPdus()) {
            PduReader reader = PduReader.ofResponses(received, LIMIT_BYTES);
            reader.digests(headerDigest, dataDigest);
            ByteBuf in = pooled(wire);
            assertThatThrownBy(() -> reader.read(in))
                    .isInstanceOfSatisfying(
                            PduException.class, e -> assertThat(e.what()).isEqualTo(cause));
            assertThat(in.refCnt()).isZero();
        }
    }

    /** Seven calls' worth of responses, as our own writer puts them on the wire. */
    private static byte[] responses(boolean headerDigest, boolean dataDigest) {
        EmbeddedChannel channel = new EmbeddedChannel();
        PduWriter writer = new PduWriter(channel);
        writer.digests(headerDigest, dataDigest);
        writer.next(new NopIn());
        writer.finish(text("hello"));
        writer.next(new DataIn()).initiatorTaskTag(7);
        writer.finish(text("abcdef"));
        writer.next(new ReadyToTransfer()).initiatorTaskTag(8);
        writer.finish();
        writer.next(new DataIn()).initiatorTaskTag(9).statusBit(true);
        writer.finish();
        writer.next(new ScsiResponse()).initiatorTaskTag(9);
        writer.finish(text("response"));
        writer.flush();
        writer.close();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        channel.finishAndReleaseAll();
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static ByteBuf pooled(byte[] bytes) {
        return pooled(bytes, 0, bytes.length);
    }

    private static ByteBuf pooled(byte[] bytes, int from, int lengthBytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(lengthBytes).writeBytes(bytes, from, lengthBytes);
    }
}
