package io.lunbridge.nbd.protocol;

/** The one metadata context that the standard defines (NBD "base:allocation metadata context"). */
public final class MetaContext {

    public static final String BASE_ALLOCATION = "base:allocation";
    /** As a query: every context of the namespace, when listing; none, when setting. */
    public static final String BASE_WILDCARD = "base:";

    /** No storage is assigned. */
    public static final int STATE_HOLE = 1;
    /** Reads as zeroes. */
    public static final int STATE_ZERO = 1 << 1;

    /** Length and status. */
    public static final int DESCRIPTOR_BYTES = 8;
    /** The context's id, before the first descriptor. */
    public static final int CONTEXT_ID_BYTES = 4;

    private MetaContext() {}
}
