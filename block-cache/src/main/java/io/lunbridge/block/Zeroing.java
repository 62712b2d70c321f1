package io.lunbridge.block;

/** How a range may be zeroed: the meaning of NBD_CMD_FLAG_NO_HOLE and NBD_CMD_FLAG_FAST_ZERO. */
public enum Zeroing {
    /** The range may lose its storage. */
    MAY_DEALLOCATE(true, false),
    /** The range keeps, or gets, its storage, so that a later write to it cannot run out of space. */
    KEEP_ALLOCATED(false, false),
    /** {@link #MAY_DEALLOCATE}, but fail rather than be as slow as writing. */
    MAY_DEALLOCATE_FAST(true, true),
    /** {@link #KEEP_ALLOCATED}, but fail rather than be as slow as writing. */
    KEEP_ALLOCATED_FAST(false, true);

    private final boolean mayDeallocate;
    private final boolean onlyIfFast;

    Zeroing(boolean mayDeallocate, boolean onlyIfFast) {
        this.mayDeallocate = mayDeallocate;
        this.onlyIfFast = onlyIfFast;
    }

    public boolean mayDeallocate() {
        return mayDeallocate;
    }

    public boolean onlyIfFast() {
        return onlyIfFast;
    }
}
