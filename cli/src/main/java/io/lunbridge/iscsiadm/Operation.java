package io.lunbridge.iscsiadm;

import org.jspecify.annotations.Nullable;

/** What to do ({@code -o}, M-5). Several in one command are done together, where the mode knows how. */
enum Operation {
    NEW("new"),
    DELETE("delete"),
    UPDATE("update"),
    SHOW("show"),
    NONPERSISTENT("nonpersistent"),
    APPLY("apply"),
    APPLY_ALL("applyall"),
    LOGIN("login"),
    LOGOUT("logout");

    private final String word;

    Operation(String word) {
        this.word = word;
    }

    /** The one of that name, in small letters; null if there is none. */
    static @Nullable Operation of(String word) {
        for (Operation operation : values()) {
            if (operation.word.equals(word)) {
                return operation;
            }
        }
        return null;
    }
}
