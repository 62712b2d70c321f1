package io.lunbridge.block.cache;

import io.lunbridge.block.Completion;

/**
 * A read that waits for what is being read ahead.
 *
 * @param waitsLeft how often it may wait still
 */
record WaitingRead(long offsetBytes, int lengthBytes, Completion done, int waitsLeft) {

    long endBytes() {
        return offsetBytes + lengthBytes;
    }

    WaitingRead waitingOnceMore() {
        return new WaitingRead(offsetBytes, lengthBytes, done, waitsLeft - 1);
    }
}
