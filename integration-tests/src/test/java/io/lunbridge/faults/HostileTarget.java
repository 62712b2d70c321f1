package io.lunbridge.faults;

import io.lunbridge.conformance.Conversation;
import io.lunbridge.conformance.Failures;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.DynamicTest;

/** Trials of the product by PDUs that no honest target sends. */
final class HostileTarget {

    static final int LENGTH = 65536;
    static final int FINAL = 0x80;
    static final long MAX_WORD = 0xffffffffL;

    private HostileTarget() {}

    /** Sends something in answer to the command. */
    @FunctionalInterface
    interface Attack {

        void answer(Peer peer, RawPdu command) throws IOException;
    }

    record Case(String name, Attack attack) {}

    @FunctionalInterface
    interface Trial {

        void of(Attack attack) throws Exception;
    }

    static List<DynamicTest> tests(Trial trial, Case... cases) {
        return Arrays.stream(cases)
                .map(one -> DynamicTest.dynamicTest(one.name(), () -> trial.of(one.attack())))
                .toList();
    }

    /** A WRITE that is attacked fails with its connection. Nothing of it is sent unasked. */
    static void writeFails(Attack attack) throws Exception {
        Conversation.of(toTheEnd(Op::isWrite, attack))
                .run((initiator, disk) -> Failures.assertFails(initiator.startWrite(0, new byte[LENGTH])));
    }

    /** A READ that is attacked fails with its connection. */
    static void readFails(Attack attack) throws Exception {
        Conversation.of(toTheEnd(Op::isRead, attack))
                .run((initiator, disk) -> Failures.assertFails(initiator.startRead(0, LENGTH)));
    }

    /** The connection ends at once, long before any timer: it is no longer to be trusted. No data goes over it. */
    private static Script toTheEnd(Predicate<RawPdu> command, Attack attack) {
        return peer -> {
            peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
            peer.login();
            attack.answer(peer, peer.serveUntil(command));
            peer.expectEndWithoutData();
        };
    }

    /** Only the command fails; the connection is whole. */
    static void readFailsAlone(Attack attack) throws Exception {
        Conversation.of(peer -> {
                    peer.login();
                    attack.answer(peer, peer.serveUntil(Op::isRead));
                    peer.serveToEnd();
                })
                .run((initiator, disk) -> {
                    Failures.assertFails(initiator.startRead(0, LENGTH));
                    initiator.flush();
                });
    }

    /** Sends PDUs that use up no StatSN in one segment of TCP, so that they are read at once. */
    static void sendAtOnce(Peer peer, RawReply... replies) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (RawReply reply : replies) {
            bytes.writeBytes(peer.numbers().stampedUnacknowledged(reply).encoded());
        }
        peer.sendBytes(bytes.toByteArray());
    }
}
