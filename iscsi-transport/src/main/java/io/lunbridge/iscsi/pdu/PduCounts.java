package io.lunbridge.iscsi.pdu;

/** How many PDUs of each kind, and how much data in them, went one way. Confined to the connection's event loop. */
public final class PduCounts {

    private final long[] pdus = new long[BasicHeader.OPCODE_MASK + 1];
    private long dataOctets;
    private long digestErrors;

    /** Counts one PDU. */
    void add(int opcode, int dataSegmentBytes) {
        pdus[opcode & BasicHeader.OPCODE_MASK]++;
        dataOctets += dataSegmentBytes;
    }

    /** Counts a digest that does not match. */
    void addDigestError() {
        digestErrors++;
    }

    public long pdus(Opcode opcode) {
        return pdus[opcode.code()];
    }

    /** Octets of data segments, without headers, padding and digests. */
    public long dataOctets() {
        return dataOctets;
    }

    public long digestErrors() {
        return digestErrors;
    }
}
