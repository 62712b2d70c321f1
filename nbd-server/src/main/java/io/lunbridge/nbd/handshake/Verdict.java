package io.lunbridge.nbd.handshake;

/** What is to happen after an option. */
enum Verdict {
    /** The next option is awaited. */
    CONTINUE,
    /** The client has its export: the transmission phase begins. */
    TRANSMISSION,
    /** The connection is closed once what has been answered is sent. */
    CLOSE
}
