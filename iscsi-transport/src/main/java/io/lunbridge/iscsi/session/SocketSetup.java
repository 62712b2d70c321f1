package io.lunbridge.iscsi.session;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What a session's socket has to be before it connects. Called on the event loop for each connection: must be quick. */
public interface SocketSetup {

    /** A plain socket. */
    SocketSetup NONE = new SocketSetup() {
        @Override
        public @Nullable SocketAddress localAddress() {
            return null;
        }

        @Override
        public void prepare(Channel channel) {}
    };

    /** Where it connects from; null for where the host's routes say. */
    @Nullable
    SocketAddress localAddress();

    /**
     * Sets its options.
     *
     * @throws IOException if it cannot have one that it must have; the connection is not made then, and the message is told
     */
    void prepare(Channel channel) throws IOException;
}
