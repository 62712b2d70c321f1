package io.lunbridge.block;

import io.netty.channel.Channel;

/**
 * Flushes a channel once per turn of its event loop, however many messages were written in that turn.
 *
 * <p>Netty runs a loop's tasks after the turn's I/O events, so what all sockets brought in one turn leaves in one
 * gathering write. An idle channel's only message leaves in the same turn too: nothing waits for a timer.
 */
public final class TurnFlusher implements Runnable {

    private final Channel channel;
    private boolean scheduled;

    public TurnFlusher(Channel channel) {
        this.channel = channel;
    }

    /** Asks for a flush at the end of this turn. Called on the channel's loop. */
    public void request() {
        if (!scheduled) {
            scheduled = true;
            channel.eventLoop().execute(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        channel.flush();
    }
}
