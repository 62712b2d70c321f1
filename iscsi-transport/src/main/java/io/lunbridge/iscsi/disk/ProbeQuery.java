package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.UnitAttention;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** One question of a probe; not for the data path. */
final class ProbeQuery extends RetryingTask {

    /** Told when the unit does not answer with good status. */
    interface Rejection {
        void rejected(int status, SenseData sense);
    }

    /** Told what else happens. */
    interface Events {

        /** The unit has news; the question is repeated. */
        void attention(UnitAttention news);

        void lost(IscsiException cause);
    }

    private final Session session;
    private final Consumer<ByteBuf> answer;
    private final Rejection rejection;
    private final Events events;

    /** A question whose {@code answer} is borrowed during the call. */
    ProbeQuery(Session session, Consumer<ByteBuf> answer, Rejection rejection, Events events) {
        this.session = session;
        this.answer = answer;
        this.rejection = rejection;
        this.events = events;
    }

    @Override
    protected void succeeded(ByteBuf data) {
        try {
            answer.accept(data);
        } finally {
            data.release();
        }
    }

    @Override
    EventLoop eventLoop() {
        return session.eventLoop();
    }

    @Override
    void send() {
        session.submit(this);
    }

    @Override
    void learn(Refusal why, SenseData sense) {
        if (why == Refusal.UNIT_ATTENTION) {
            events.attention(UnitAttention.of(sense.additional()));
        }
    }

    @Override
    void repeat(Refusal why) {
        repeatLater();
    }

    @Override
    boolean isWanted() {
        return true;
    }

    @Override
    void rejected(int status, SenseData sense) {
        rejection.rejected(status, sense);
    }

    @Override
    void lost(IscsiException cause) {
        events.lost(cause);
    }
}
