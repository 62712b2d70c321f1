package io.lunbridge.scripted;

import java.io.IOException;

/**
 * Takes the Data-Out PDUs of one WRITE and holds each to RFC 7143 sections 4.2.5.2 and 11.7: DataSN from 0 in each
 * sequence, contiguous buffer offsets, segments no longer than declared, F on the last one only, tags and LUN.
 */
final class Bursts {

    private final Peer peer;

    Bursts(Peer peer) {
        this.peer = peer;
    }

    /** Immediate data, and the unsolicited sequence where InitialR2T is No. */
    byte[] unsolicited(RawPdu command) throws IOException {
        int edtl = (int) command.expectedDataTransferLength();
        int firstBurst = peer.keys().number("FirstBurstLength");
        int immediate = command.data().length;
        require(command, (command.flags() & 0x20) != 0, "W bit is not set");
        require(command, edtl == VirtualDisk.lengthOf(command), "EDTL is not the CDB's length");
        require(command, immediate == 0 || peer.keys().yes("ImmediateData"), "immediate data was not agreed");
        require(command, immediate <= Math.min(firstBurst, segmentLimit()), "immediate data is too long");
        require(command, immediate <= edtl, "more immediate data than EDTL");
        if (command.isFinal()) {
            return command.data();
        }
        require(command, !peer.keys().yes("InitialR2T"), "F=0 announces unsolicited data, InitialR2T=Yes");
        require(command, immediate < edtl, "F=0 although all data is immediate");
        byte[] rest = burst(command, RawReply.RESERVED_TAG, immediate, Math.min(firstBurst, edtl) - immediate);
        byte[] all = new byte[immediate + rest.length];
        System.arraycopy(command.data(), 0, all, 0, immediate);
        System.arraycopy(rest, 0, all, immediate, rest.length);
        return all;
    }

    /** The sequence that answers one R2T. */
    byte[] solicited(RawPdu command, int transferTag, long offset, int length) throws IOException {
        return burst(command, transferTag, offset, length);
    }

    private byte[] burst(RawPdu command, int transferTag, long offset, int length) throws IOException {
        byte[] received = new byte[length];
        int filled = 0;
        for (int dataSn = 0; filled < length; dataSn++) {
            RawPdu data = peer.nextDataOut();
            checkTags(command, data, transferTag);
            require(data, data.dataSn() == dataSn, "DataSN is not " + dataSn);
            require(data, data.bufferOffset() == offset + filled, "buffer offset is not " + (offset + filled));
            require(data, data.data().length <= segmentLimit(), "longer than MaxRecvDataSegmentLength");
            require(data, data.data().length > 0, "no data");
            require(data, filled + data.data().length <= length, "more data than asked for");
            System.arraycopy(data.data(), 0, received, filled, data.data().length);
            filled += data.data().length;
            require(data, data.isFinal() == (filled == length), "F bit is wrong after " + filled + " of " + length);
        }
        return received;
    }

    private static void checkTags(RawPdu command, RawPdu data, int transferTag) {
        require(data, data.initiatorTaskTag() == command.initiatorTaskTag(), "ITT is not the command's");
        require(data, data.targetTransferTag() == transferTag, "TTT is not the R2T's");
        if (transferTag != RawReply.RESERVED_TAG) {
            require(data, data.lun() == command.lun(), "LUN is not the R2T's");
        }
    }

    /** What this target declared that it takes. */
    private int segmentLimit() {
        return peer.keys().declaredSegmentLimit();
    }

    private static void require(RawPdu pdu, boolean condition, String complaint) {
        if (!condition) {
            throw new AssertionError(complaint + ": " + pdu);
        }
    }
}
