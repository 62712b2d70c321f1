package io.lunbridge.scsi;

/** What is known of a unit and may have become wrong, so that it has to be asked again. */
public enum Doubt {
    /** Which unit this is at all, and whether it is still there: INQUIRY, pages 80h and 83h. Nothing is written before. */
    IDENTITY,
    /** Size and block size: READ CAPACITY. */
    CAPACITY,
    /** How much one command may do, and how blocks are given back: pages B0h, B1h, B2h. */
    LIMITS,
    /** Write protection, write cache, FUA: MODE SENSE. */
    MODE
}
