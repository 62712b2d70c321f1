package io.lunbridge.iscsi.login;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The last challenges of all logins with the same credentials, so that one that comes again is noticed, on another
 * connection too (RFC 7143 section 9.2.1). Logins of several event loops may share it.
 */
final class ChallengeLog {

    /** How many are remembered, each way. */
    static final int MAX_CHALLENGES = 64;

    private final Deque<byte[]> sent = new ArrayDeque<>();
    private final Deque<byte[]> received = new ArrayDeque<>();

    synchronized void addSent(byte[] challenge) {
        add(sent, challenge);
    }

    synchronized boolean wasSent(byte[] challenge) {
        return contains(sent, challenge);
    }

    /** Remembers a challenge of the target's; false if it is there already. */
    synchronized boolean addReceived(byte[] challenge) {
        boolean isNew = !contains(received, challenge);
        if (isNew) {
            add(received, challenge);
        }
        return isNew;
    }

    private static void add(Deque<byte[]> challenges, byte[] challenge) {
        if (challenges.size() == MAX_CHALLENGES) {
            challenges.removeFirst();
        }
        challenges.addLast(challenge.clone());
    }

    private static boolean contains(Deque<byte[]> challenges, byte[] challenge) {
        return challenges.stream().anyMatch(known -> Arrays.equals(known, challenge));
    }
}
