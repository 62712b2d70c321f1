package io.lunbridge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scripted.LoginDialogue;
import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.Peer;
import io.lunbridge.scripted.RawPdu;
import io.lunbridge.scripted.RawReply;
import io.lunbridge.scripted.Script;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What error recovery level 0 has instead of anything finer: the session is restarted, and what was on the wire is issued
 * anew. Nothing of it is lost, and nobody above learns of it.
 */
class SessionRestartTest {

    private static final int LENGTH = 65536;
    private static final int TSIH_OFFSET = 14;
    private static final int ISID_OFFSET = 8;

    @Test
    @Spec(value = "RFC 7143 7.2.2", unh = "FFP 7.1, 19.5")
    void aWriteWhoseConnectionIsLostHalfWayIsWrittenAsAWhole() throws Exception {
        byte[] data = new byte[LENGTH];
        new Random(7).nextBytes(data);
        AtomicReference<String> isid = new AtomicReference<>();
        Script lost = peer -> {
            peer.keys().want("ImmediateData", "No");
            isid.set(logIn(peer));
            RawPdu write = peer.serveUntil(Op::isWrite);
            byte[] half = peer.commands().solicit(write, 0, 0, LENGTH / 2);
            peer.disk().store(0, half);
            peer.reset();
        };
        Script afterwards = peer -> {
            assertThat(logIn(peer)).isEqualTo(isid.get());
            peer.serveToEnd();
        };
        Conversation.of(lost, afterwards).run((initiator, disk) -> {
            initiator.write(0, data);
            assertThat(disk.bytes(0, LENGTH)).isEqualTo(data);
        });
    }

    /** TSIH 0 asks for a new session in place of the one of this ISID, which is returned. */
    private static String logIn(Peer peer) throws IOException {
        LoginDialogue login = LoginDialogue.on(peer);
        String isid = "";
        RawPdu request;
        do {
            request = login.request();
            assertThat(request.u16(TSIH_OFFSET)).isZero();
            isid = Long.toHexString(request.u32(ISID_OFFSET)) + Integer.toHexString(request.u16(ISID_OFFSET + 4));
            byte[] answers = peer.keys().answersTo(request).encoded();
            login.respond(request, request.flags(), answers);
        } while (!request.isFinal() || LoginDialogue.nextStage(request) != LoginDialogue.FULL_FEATURE);
        peer.enterFullFeature();
        return isid;
    }

    @Test
    @Spec(value = "RFC 7143 7.9", unh = "FFP 5.1")
    void aReadWhoseStatSnIsOffIsReadOverAnotherSession() throws Exception {
        readsAfter((peer, read) -> peer.sendData(peer.commands()
                .replyTo(read, Op.SCSI_RESPONSE)
                .statSn(peer.numbers().nextStatSn() + 0x80000000)));
    }

    @Test
    @Spec(value = "RFC 7143 7.9", unh = "FFP 13.1")
    void aReadThatMissesADataInIsReadOverAnotherSession() throws Exception {
        readsAfter((peer, read) -> {
            byte[] data = peer.disk().bytes(0, LENGTH);
            int quarter = LENGTH / 4;
            peer.sendData(peer.commands().dataIn(read, Arrays.copyOf(data, quarter), 0, 0));
            byte[] third = Arrays.copyOfRange(data, 2 * quarter, 3 * quarter);
            peer.sendData(peer.commands().dataIn(read, third, 2L * quarter, 2));
        });
    }

    @Test
    @Spec("RFC 7143 7.8")
    void aReadWhoseHeaderIsDamagedIsReadOverAnotherSession() throws Exception {
        readsAfter((peer, read) -> {
            RawReply answer = peer.commands().lastDataIn(read, peer.disk().bytes(0, LENGTH), 0, 0);
            peer.sendStatus(answer.damagedHeader());
        });
    }

    @FunctionalInterface
    private interface Answer {

        void to(Peer peer, RawPdu read) throws IOException;
    }

    private static void readsAfter(Answer answer) throws Exception {
        Script lost = peer -> {
            peer.keys().want("HeaderDigest", "CRC32C");
            peer.login();
            answer.to(peer, peer.serveUntil(Op::isRead));
            peer.expectEnd();
        };
        Script afterwards = peer -> {
            peer.login();
            peer.serveToEnd();
        };
        Conversation.of(lost, afterwards)
                .run((initiator, disk) -> assertThat(initiator.read(0, LENGTH)).isEqualTo(disk.bytes(0, LENGTH)));
    }
}
