package io.lunbridge.iscsiadm;

import org.jspecify.annotations.Nullable;

/** The options, each with the letter and the long name that it has in open-iscsi (M-1 to M-25), in the order of its table. */
enum Option {
    MODE('m', "mode", Argument.REQUIRED),
    PORTAL('p', "portal", Argument.REQUIRED),
    TARGETNAME('T', "targetname", Argument.REQUIRED),
    INTERFACE('I', "interface", Argument.REQUIRED),
    OP('o', "op", Argument.REQUIRED),
    TYPE('t', "type", Argument.REQUIRED),
    NAME('n', "name", Argument.REQUIRED),
    VALUE('v', "value", Argument.REQUIRED),
    HOST('H', "host", Argument.REQUIRED),
    SID('r', "sid", Argument.REQUIRED),
    RESCAN('R', "rescan", Argument.NONE),
    PRINT('P', "print", Argument.REQUIRED),
    DISCOVER('D', "discover", Argument.NONE),
    LOGIN('l', "login", Argument.NONE),
    LOGINALL('L', "loginall", Argument.REQUIRED),
    LOGOUT('u', "logout", Argument.NONE),
    LOGOUTALL('U', "logoutall", Argument.REQUIRED),
    STATS('s', "stats", Argument.NONE),
    KILLISCSID('k', "killiscsid", Argument.REQUIRED),
    DEBUG('d', "debug", Argument.REQUIRED),
    SHOW('S', "show", Argument.NONE),
    VERSION('V', "version", Argument.NONE),
    HELP('h', "help", Argument.NONE),
    SUBMODE('C', "submode", Argument.REQUIRED),
    IP('a', "ip", Argument.REQUIRED),
    PACKETSIZE('b', "packetsize", Argument.REQUIRED),
    COUNT('c', "count", Argument.REQUIRED),
    INTERVAL('i', "interval", Argument.REQUIRED),
    INDEX('x', "index", Argument.REQUIRED),
    /** By its letter it takes the next word; by its name only {@code =VALUE}. */
    PORTAL_TYPE('A', "portal_type", Argument.OPTIONAL),
    NO_WAIT('W', "no_wait", Argument.NONE);

    /** Whether a value follows the long name. */
    enum Argument {
        NONE,
        OPTIONAL,
        REQUIRED
    }

    private static final Option[] ALL = values();

    private final char letter;
    private final String longName;
    private final Argument argument;

    Option(char letter, String longName, Argument argument) {
        this.letter = letter;
        this.longName = longName;
        this.argument = argument;
    }

    char letter() {
        return letter;
    }

    String longName() {
        return longName;
    }

    Argument argument() {
        return argument;
    }

    static @Nullable Option of(char letter) {
        for (Option option : ALL) {
            if (option.letter == letter) {
                return option;
            }
        }
        return null;
    }
}
