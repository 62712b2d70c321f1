package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.SenseData;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** One question of a probe; not for the data path. */
final class ProbeQuery extends RetryingTask {

    /** Told when the unit does not answer with good status. */
    interface Refusal {
        void refused(int status, SenseData sense);
    }

    private final Session session;
    private final Consumer<ByteBuf> answer;
    private final Refusal refusal;
    private final Consumer<IscsiException> loss;

    /** A question whose {@code answer} is borrowed during the call. */
    ProbeQuery(Session session, Consumer<ByteBuf> answer, Refusal refusal, Consumer<IscsiException> loss) {
        this.session = session;
        this.answer = answer;
        this.refusal = refusal;
        this.loss = loss;
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
    boolean isWanted() {
        return true;
    }

    @Override
    void rejected(int status, SenseData sense) {
        refusal.refused(status, sense);
    }

    @Override
    void lost(IscsiException cause) {
        loss.accept(cause);
    }
}
