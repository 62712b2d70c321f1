package io.lunbridge.iscsi.discovery;

import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyValue;
import io.lunbridge.iscsi.negotiation.NegotiationException;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.negotiation.TextOutput;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.iscsi.session.SessionOpening;
import io.lunbridge.iscsi.session.TextCompletion;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** One discovery: log in, ask for all targets, log out, tell. */
public final class SendTargets {

    private static final String ALL = "All";
    private static final int MAX_REQUEST_BYTES = 512;

    private SendTargets() {}

    /**
     * Asks the portal of {@code config} for all its targets.
     *
     * @param config a {@link SessionConfig#discovery}
     * @param outcome told on the connector's event loop
     */
    public static void ask(SessionConnector connector, SessionConfig config, DiscoveryOutcome outcome) {
        connector.open(config, new Opening(config.portal(), outcome));
    }

    private record Opening(TargetAddress portal, DiscoveryOutcome outcome) implements SessionOpening {

        @Override
        public void opened(Session session) {
            TextOutput text = new TextOutput();
            text.add(List.of(KeyValue.of(Key.SEND_TARGETS, ALL)));
            session.text(text.take(MAX_REQUEST_BYTES), new Answer(session, portal, outcome));
        }

        @Override
        public void failed(SessionException cause) {
            outcome.failed(cause);
        }
    }

    private record Answer(Session session, TargetAddress portal, DiscoveryOutcome outcome) implements TextCompletion {

        @Override
        public void answered(ByteBuf text) {
            try {
                List<DiscoveredTarget> targets = TargetList.parse(text, portal);
                session.close(() -> outcome.found(targets));
            } catch (NegotiationException e) {
                failed(new SessionException(SessionException.Kind.PROTOCOL, portal + ": " + e.getMessage()));
            } finally {
                text.release();
            }
        }

        @Override
        public void failed(IscsiException cause) {
            session.close(() -> outcome.failed(cause));
        }
    }
}
