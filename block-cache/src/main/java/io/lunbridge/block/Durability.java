package io.lunbridge.block;

/** What a write's success promises. */
public enum Durability {
    /** The device has the data; it survives the device's power loss only after a later flush. */
    CACHED,
    /** The data is on stable storage (SBC FUA, NBD_CMD_FLAG_FUA). */
    DURABLE
}
