package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.NegotiatedKeys.Flow;
import io.lunbridge.iscsi.pdu.DataIn;
import io.lunbridge.iscsi.pdu.PduException;

/**
 * What Data-In one command has had, and so what may come next (RFC 7143 sections 11.7.5, 11.7.6, 13.18, 13.19).
 *
 * <p>Whatever was negotiated, DataSN counts the PDUs, no byte comes twice, and none lies beyond the command. Where the order
 * is agreed, the PDUs of a sequence rise, and so do the lowest offsets of successive sequences. A gap is no violation: one
 * that stays is found when the status comes.
 */
final class DataInProgress {

    private static final int NO_SEQUENCE = Integer.MAX_VALUE;

    private final ByteRanges received = new ByteRanges();
    private int nextDataSn;
    private int endOfLastPdu;
    private int lowestOfSequence;
    private int lowestOfLastSequence;

    void start() {
        received.start(0);
        nextDataSn = 0;
        endOfLastPdu = 0;
        lowestOfSequence = NO_SEQUENCE;
        lowestOfLastSequence = 0;
    }

    int receivedBytes() {
        return received.totalBytes();
    }

    /** Whether what has been admitted begins at 0 and has no gap. */
    boolean isContiguous() {
        return received.isContiguous();
    }

    /** Checks a Data-In before any of its payload is taken. */
    void admit(DataIn header, int expectedBytes, Flow flow) throws PduException {
        int lengthBytes = header.dataSegmentLength();
        if (lengthBytes == 0) {
            nextDataSn += header.dataSn() == nextDataSn ? 1 : 0;
        } else {
            if (header.dataSn() != nextDataSn) {
                throw violation("DataSN " + header.dataSn() + " where " + nextDataSn + " was due");
            }
            nextDataSn++;
            place(Integer.toUnsignedLong(header.bufferOffset()), lengthBytes, expectedBytes, flow);
        }
        if (header.finalBit()) {
            endSequence();
        }
    }

    private void place(long offsetBytes, int lengthBytes, int expectedBytes, Flow flow) throws PduException {
        if (offsetBytes + lengthBytes > expectedBytes) {
            throw violation("Data-In of " + lengthBytes + " bytes at " + offsetBytes + " of " + expectedBytes);
        }
        int start = (int) offsetBytes;
        if (flow.dataPduInOrder() && start < endOfLastPdu) {
            throw violation("Data-In at " + start + " after one up to " + endOfLastPdu + " of the same sequence");
        }
        if (flow.dataSequenceInOrder() && start < lowestOfLastSequence) {
            throw violation("Data-In at " + start + " after a sequence from " + lowestOfLastSequence);
        }
        if (!received.add(start, start + lengthBytes)) {
            throw violation("Data-In overlaps data that has arrived before");
        }
        endOfLastPdu = start + lengthBytes;
        lowestOfSequence = Math.min(lowestOfSequence, start);
    }

    private void endSequence() {
        if (lowestOfSequence != NO_SEQUENCE) {
            lowestOfLastSequence = lowestOfSequence;
            lowestOfSequence = NO_SEQUENCE;
        }
        endOfLastPdu = 0;
    }

    private static PduException violation(String what) {
        return new PduException(PduException.Cause.PROTOCOL, what);
    }
}
