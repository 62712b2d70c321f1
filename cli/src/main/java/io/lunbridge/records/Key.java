package io.lunbridge.records;

/**
 * A key of a record.
 *
 * @param name as it stands in the file
 * @param preset its value where the file has none: what open-iscsi 2.1.8 compiles in; empty: unset
 */
record Key(String name, KeyType type, String preset, Access access) {

    /** Who may see it and change it. */
    enum Access {
        /** May be updated. */
        OPEN,
        /** Is part of where the record is, and stays. */
        FIXED,
        /** May be updated, and is shown as stars. */
        SECRET,
        /** Is taken, but neither kept nor shown: open-iscsi's lengths of passwords. */
        HIDDEN
    }
}
