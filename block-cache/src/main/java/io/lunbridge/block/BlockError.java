package io.lunbridge.block;

/** Why a request failed, as a caller can act on it. */
public enum BlockError {
    /** The medium or the way to it failed. */
    IO,
    /** The range is outside the device, or the request is malformed. */
    INVALID,
    /** The device is write-protected or reserved for another initiator. */
    NOT_PERMITTED,
    /** No space left: thin provisioning is exhausted, or a write beyond the end. */
    NO_SPACE,
    /** The device cannot do this. */
    UNSUPPORTED,
    /** A limit of ours was reached. */
    NO_MEMORY,
    /** The device is closed or about to be. */
    SHUT_DOWN
}
