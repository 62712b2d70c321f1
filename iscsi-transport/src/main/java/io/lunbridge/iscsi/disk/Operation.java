package io.lunbridge.iscsi.disk;

/** What a command is for: the same sense means different things to a reader and to a writer. */
enum Operation {
    READ("reading"),
    WRITE("writing"),
    FLUSH("flushing"),
    DISCARD("discarding"),
    ZERO("zeroing"),
    STATUS("asking for the block status"),
    PREFETCH("prefetching");

    private final String gerund;

    Operation(String gerund) {
        this.gerund = gerund;
    }

    /** Whether the unit may be asked in another way when it does not know this one. */
    boolean hasAlternative() {
        return this == DISCARD || this == ZERO || this == STATUS || this == FLUSH;
    }

    /** Whether a success leaves something in the unit's cache that a flush has to secure. */
    boolean changesMedium() {
        return this == WRITE || this == ZERO || this == DISCARD;
    }

    @Override
    public String toString() {
        return gerund;
    }
}
