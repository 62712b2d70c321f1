package io.lunbridge.faults;

import java.nio.charset.StandardCharsets;

/**
 * Listens to a login and knows then whether PDUs carry digests. The last word on each key counts: an offer is a list,
 * the answer one value (RFC 7143 6.2).
 */
final class Digests {

    private static final String ON = "CRC32C";

    private volatile String headers = "None";
    private volatile String data = "None";
    private volatile boolean loggedIn;

    /** Told every login PDU, of both directions, before it is forwarded. */
    void observe(Pdu pdu) {
        String text = new String(pdu.bytes(), pdu.dataOffset(), pdu.dataLength(), StandardCharsets.ISO_8859_1);
        for (String pair : text.split("\0", -1)) {
            String value = pair.substring(pair.indexOf('=') + 1);
            if (pair.startsWith("HeaderDigest=")) {
                headers = value;
            } else if (pair.startsWith("DataDigest=")) {
                data = value;
            }
        }
        if (pdu.endsLogin()) {
            loggedIn = true;
        }
    }

    boolean loggedIn() {
        return loggedIn;
    }

    boolean onHeaders() {
        return loggedIn && ON.equals(headers);
    }

    boolean onData() {
        return loggedIn && ON.equals(data);
    }
}
