package io.lunbridge.records;

/** Names that become names of files. */
final class Names {

    private Names() {}

    /** The name, unless it would lead to another directory. */
    static String checked(String name) throws RecordFailure {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0 || name.indexOf(0) >= 0) {
            throw new RecordFailure(RecordFailure.INVALID, "'" + name + "' cannot be a record's name.");
        }
        return name;
    }
}
