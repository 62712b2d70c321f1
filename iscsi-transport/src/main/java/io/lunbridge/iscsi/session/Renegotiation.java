package io.lunbridge.iscsi.session;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TextInput;
import io.lunbridge.iscsi.negotiation.TextOutput;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A negotiation in full feature phase, because the target has asked for one (RFC 7143 section 11.9.1, event 4): each side
 * declares its MaxRecvDataSegmentLength anew. Until it succeeds all stays as it was. What fails is tried once more; then
 * the session logs out, which is the other answer that the target accepts.
 */
final class Renegotiation implements TextCompletion {

    private static final int MAX_REQUEST_BYTES = 512;
    private static final Logger LOG = LoggerFactory.getLogger(Renegotiation.class);

    private final Session session;
    private boolean triedAgain;

    Renegotiation(Session session) {
        this.session = session;
    }

    /** Sends the Text Request at once, unless one is under way: that one will do. */
    void begin() {
        if (!session.control().isTextUnderWay()) {
            send();
        }
    }

    private void send() {
        int maxRecvBytes = session.fullFeature().keys().lengths().maxRecvBytes();
        TextOutput text = new TextOutput();
        text.add(List.of(KeyValue.of(Key.MAX_RECV_DATA_SEGMENT_LENGTH, Integer.toString(maxRecvBytes))));
        session.text(text.take(MAX_REQUEST_BYTES), this);
    }

    @Override
    public void answered(ByteBuf text) {
        try {
            TextInput input = new TextInput();
            input.add(text);
            for (KeyValue pair : input.pairs()) {
                if (pair.is(Key.MAX_RECV_DATA_SEGMENT_LENGTH)) {
                    session.maxSendBytes(segmentBytes(pair.value()));
                }
            }
        } catch (NegotiationException e) {
            fail(e.getMessage());
        } finally {
            text.release();
        }
    }

    private static int segmentBytes(String value) throws NegotiationException {
        int bytes = Key.MAX_RECV_DATA_SEGMENT_LENGTH.bounds().admitted(value);
        if (bytes < 0) {
            throw new NegotiationException(Key.MAX_RECV_DATA_SEGMENT_LENGTH + "=" + value);
        }
        return bytes;
    }

    @Override
    public void failed(IscsiException cause) {
        if (cause instanceof TaskException) {
            fail(cause.getMessage());
        }
    }

    private void fail(@Nullable String why) {
        LOG.warn("{}: the negotiation that the target has asked for fails: {}", session, why);
        if (triedAgain) {
            session.asyncMessages().wantLogout(ConnectionException.DEFAULT_TIME2WAIT, 0);
        } else {
            triedAgain = true;
            send();
        }
    }
}
