package io.lunbridge.control;

/**
 * How long the daemon waits for a client of the control socket.
 *
 * @param requestMillis for a whole request, from the connection on
 * @param answerMillis for the client to take the answer
 * @param progressMillis between two lines of progress
 * @param progressWriteMillis for the client to take one
 */
record ControlTimes(long requestMillis, long answerMillis, long progressMillis, long progressWriteMillis) {

    static final ControlTimes DEFAULT = new ControlTimes(5000, 5000, 2000, 200);
}
