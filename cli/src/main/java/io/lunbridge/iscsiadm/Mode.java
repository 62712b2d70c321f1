package io.lunbridge.iscsiadm;

import org.jspecify.annotations.Nullable;

/** What a command is about ({@code -m}), with the letters of the options that it takes. */
enum Mode {
    DISCOVERY("discovery", "DSIPdmntplov"),
    DISCOVERYDB("discoverydb", "DSIPdmntplov"),
    NODE("node", "RsPIdmlSonvupTULW"),
    SESSION("session", "PiRdrmusonuSv"),
    HOST("host", "CHdmPotnvxA"),
    IFACE("iface", "HIdnvmPoCabci"),
    FW("fw", "dmlWnv");

    private final String word;
    private final String letters;

    Mode(String word, String letters) {
        this.word = word;
        this.letters = letters;
    }

    static @Nullable Mode of(String word) {
        for (Mode mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        return null;
    }

    boolean allows(Option option) {
        return letters.indexOf(option.letter()) >= 0;
    }

    /** Its name in a message about an option: both kinds of discovery have one. */
    String nameInMessages() {
        return this == DISCOVERYDB ? DISCOVERY.word : word;
    }
}
