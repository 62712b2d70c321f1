package io.lunbridge.iscsi.session;

/**
 * What the negotiation allows a write to send, and when (RFC 7143 sections 13.10 to 13.14).
 *
 * @param initialR2T whether everything but immediate data waits for an R2T
 * @param immediateData whether a command may carry data
 * @param firstBurstBytes most unsolicited data of a command, immediate data included
 * @param maxSegmentBytes the target's MaxRecvDataSegmentLength
 * @param maxBurstBytes most that one R2T may ask for
 */
record SendLimits(
        boolean initialR2T, boolean immediateData, int firstBurstBytes, int maxSegmentBytes, int maxBurstBytes) {

    SendLimits withMaxSegmentBytes(int bytes) {
        return new SendLimits(initialR2T, immediateData, firstBurstBytes, bytes, maxBurstBytes);
    }

    /** Data that goes with the command itself. */
    int immediateBytes(int totalBytes) {
        return immediateData ? Math.min(totalBytes, Math.min(firstBurstBytes, maxSegmentBytes)) : 0;
    }

    /** Data that follows in Data-Out PDUs without waiting. */
    int unsolicitedBytes(int totalBytes) {
        return initialR2T ? 0 : Math.min(totalBytes, firstBurstBytes) - immediateBytes(totalBytes);
    }
}
