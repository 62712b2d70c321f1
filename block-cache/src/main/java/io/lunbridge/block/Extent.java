package io.lunbridge.block;

/**
 * A run of bytes of one allocation state.
 *
 * @param lengthBytes positive
 * @param hole whether no storage is assigned to it
 * @param zero whether it surely reads as zeroes; false means unknown
 */
public record Extent(long lengthBytes, boolean hole, boolean zero) {

    public Extent {
        if (lengthBytes <= 0) {
            throw new IllegalArgumentException("extent of " + lengthBytes + " bytes");
        }
    }
}
