package io.lunbridge.iscsi.target;

import io.lunbridge.iscsi.pdu.BasicHeader;

/** Makes Target Transfer Tags: each is new on its connection for four billion times, the reserved one left out. */
final class TransferTags {

    private int last;

    int next() {
        last++;
        if (last == BasicHeader.RESERVED_TAG) {
            last = 1;
        }
        return last;
    }
}
