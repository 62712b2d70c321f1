package io.lunbridge.isns;

/** Attributes of iSNS (RFC 4171 section 6.1) that a query for targets names. */
final class Tags {

    /** Ends the key of a message. */
    static final int DELIMITER = 0;

    static final int PORTAL_ADDRESS = 16;
    static final int PORTAL_PORT = 17;
    static final int NODE_NAME = 32;
    static final int NODE_TYPE = 33;
    static final int GROUP_NODE_NAME = 48;
    static final int GROUP_ADDRESS = 49;
    static final int GROUP_PORT = 50;
    static final int GROUP_TAG = 51;

    /** Of {@link #NODE_TYPE}. */
    static final int TARGET = 1;

    private Tags() {}
}
