package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import org.jspecify.annotations.Nullable;

/** Open-iscsi's numbers of what can go wrong here. They are the exit codes of iscsiadm: never renumbered. */
enum IscsiError {
    SESSION_NOT_FOUND(2),
    TRANSPORT(4),
    LOGIN(5),
    TRANSPORT_TIMEOUT(8),
    INTERNAL(9),
    PDU_TIMEOUT(11),
    SESSION_EXISTS(15),
    FATAL_LOGIN(19),
    LOGIN_AUTHENTICATION(24),
    BUSY(28),
    NOT_CONNECTED(32);

    private final int number;

    IscsiError(int number) {
        this.number = number;
    }

    CommandException because(String message) {
        return because(message, null);
    }

    CommandException because(String message, @Nullable Throwable cause) {
        return new CommandException(number, message, cause);
    }
}
