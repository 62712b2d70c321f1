package io.lunbridge.iscsi.negotiation;

/** How the value of a key comes about (RFC 7143 sections 6.2 and 13, "Result function"). */
public enum KeyFunction {
    /** One side says so; nobody answers. */
    DECLARED,
    /** The acceptor picks the first of the proposer's list that it supports. */
    LIST,
    /** Yes if both say Yes. */
    AND,
    /** Yes if either says Yes. */
    OR,
    /** The smaller number. */
    MINIMUM,
    /** The larger number. */
    MAXIMUM,
    /** Not a setting but a question of the Full Feature Phase. */
    REQUEST;

    boolean isNumber() {
        return this == MINIMUM || this == MAXIMUM;
    }

    boolean isBoolean() {
        return this == AND || this == OR;
    }
}
