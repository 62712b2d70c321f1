package io.lunbridge.block.cache;

import org.jspecify.annotations.Nullable;

/** The number of a page of the unit. One that is used for looking up is used again; one that is put in never changes. */
final class PageKey {

    private long number;

    PageKey(long number) {
        this.number = number;
    }

    /** For looking up only. */
    PageKey with(long newNumber) {
        number = newNumber;
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PageKey key && key.number == number;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number * 0x9e3779b97f4a7c15L);
    }
}
