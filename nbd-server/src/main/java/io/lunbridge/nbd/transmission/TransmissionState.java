package io.lunbridge.nbd.transmission;

import java.util.EnumSet;
import java.util.Set;

/**
 * The life of a connection in the transmission phase.
 *
 * <pre>
 *   SERVING ──shut down──► REFUSING ──nothing in flight──► FINISHING ──nothing in flight──► CLOSING ──► CLOSED
 *      └────────────DISC, violation, finish────────────────────▲
 *   any state ──socket died──► CLOSED
 * </pre>
 */
enum TransmissionState {
    /** Requests are read and executed. */
    SERVING,
    /** Requests are read and answered with ESHUTDOWN; those begun before run to their end. */
    REFUSING,
    /** Nothing is read; what is in flight is answered. */
    FINISHING,
    /** Everything is answered; the socket is closed once it has taken the replies. */
    CLOSING,
    /** There is nobody to answer; what is in flight is awaited. */
    CLOSED;

    boolean reads() {
        return this == SERVING || this == REFUSING;
    }

    TransmissionState transition(TransmissionState next) {
        assert next().contains(next) : "from " + this + " to " + next;
        return next;
    }

    private Set<TransmissionState> next() {
        return switch (this) {
            case SERVING -> EnumSet.of(REFUSING, FINISHING, CLOSED);
            case REFUSING -> EnumSet.of(FINISHING, CLOSED);
            case FINISHING -> EnumSet.of(CLOSING, CLOSED);
            case CLOSING -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(TransmissionState.class);
        };
    }
}
