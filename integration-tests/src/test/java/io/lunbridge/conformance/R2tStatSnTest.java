package io.lunbridge.conformance;

import io.lunbridge.scripted.Op;
import io.lunbridge.scripted.RawPdu;
import org.junit.jupiter.api.Test;

/** An R2T tells the StatSN that comes next. libiscsi takes it as received, for which all other tests forgive it. */
class R2tStatSnTest {

    @Test
    @Spec("RFC 7143 11.8.3")
    void theStatSnOfAnR2tIsNotAcknowledged() throws Exception {
        byte[] data = new byte[8192];
        Conversation.of(peer -> {
                    peer.keys().want("ImmediateData", "No").want("InitialR2T", "Yes");
                    peer.login();
                    RawPdu write = peer.serveUntil(Op::isWrite);
                    byte[] sent = peer.commands().solicit(write, 0, 0, data.length);
                    peer.disk().store(0, sent);
                    peer.commands().good(write);
                    peer.serveToEnd();
                })
                .strict()
                .run((initiator, disk) -> initiator.write(0, data));
    }
}
