package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import io.lunbridge.iscsi.pdu.PduException;
import io.lunbridge.iscsi.pdu.ReadyToTransfer;

/**
 * What one command has sent or been asked for, and so what an R2T may still ask for (RFC 7143 sections 11.8, 13.17, 13.19).
 *
 * <p>No byte is sent twice: only error recovery within a command would ask for that, and level 0 has none. Where the order
 * is agreed, each R2T goes on where the last one ended.
 *
 * <p>An R2T is outstanding until the last Data-Out for it has gone. We answer at once but flush at the end of the turn, so
 * R2Ts of one task that come between two flushes are all outstanding, whatever the target has received of the earlier
 * ones. Those are counted against MaxOutstandingR2T: that may miss a target which sends too many, and accuses none wrongly.
 */
final class DataOutProgress {

    private final ByteRanges sent = new ByteRanges();
    private int nextR2tSn;
    private int endOfLast;
    private int flushes;
    private int unflushed;

    /** The command goes on the wire, with so much data that nobody asked for: from offset 0 on. */
    void start(int unsolicitedBytes) {
        sent.start(unsolicitedBytes);
        nextR2tSn = 0;
        endOfLast = unsolicitedBytes;
        unflushed = 0;
    }

    int sentBytes() {
        return sent.totalBytes();
    }

    /**
     * Checks an R2T before any of what it asks for is sent.
     *
     * @param flushesSoFar how often anything has been flushed to the target
     */
    void admit(ReadyToTransfer header, int expectedBytes, Flow flow, int flushesSoFar) throws PduException {
        if (header.r2tSn() != nextR2tSn) {
            throw violation("R2TSN " + header.r2tSn() + " where " + nextR2tSn + " was due");
        }
        nextR2tSn++;
        countOutstanding(flow.maxOutstandingR2t(), flushesSoFar);
        long offsetBytes = Integer.toUnsignedLong(header.bufferOffset());
        long lengthBytes = Integer.toUnsignedLong(header.desiredDataTransferLength());
        if (lengthBytes == 0 || offsetBytes + lengthBytes > expectedBytes) {
            throw violation("R2T of " + lengthBytes + " bytes at " + offsetBytes + " of " + expectedBytes);
        }
        if (flow.dataSequenceInOrder() && offsetBytes != endOfLast) {
            throw violation("R2T at " + offsetBytes + " where " + endOfLast + " was due");
        }
        endOfLast = (int) (offsetBytes + lengthBytes);
        if (!sent.add((int) offsetBytes, endOfLast)) {
            throw violation("R2T for data that has been sent already");
        }
    }

    private void countOutstanding(int maxOutstanding, int flushesSoFar) throws PduException {
        if (flushes != flushesSoFar) {
            flushes = flushesSoFar;
            unflushed = 0;
        }
        if (++unflushed > maxOutstanding) {
            throw violation("more than " + maxOutstanding + " R2Ts outstanding");
        }
    }

    private static PduException violation(String what) {
        return new PduException(PduException.Cause.PROTOCOL, what);
    }
}
