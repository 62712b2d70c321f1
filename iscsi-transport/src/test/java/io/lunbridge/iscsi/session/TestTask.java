package io.lunbridge.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.scsi.SenseData;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Records its outcome, and that there is only one. */
final class TestTask extends ScsiTask {

    @Nullable
    ByteBuf data;

    @Nullable
    SenseData sense;

    @Nullable
    IscsiException cause;

    int status = -1;
    private int outcomes;

    ByteBuf dataOrFail() {
        ByteBuf received = data;
        if (received == null) {
            throw new AssertionError("no data; status " + status + ", cause " + cause);
        }
        return received;
    }

    boolean isDone() {
        return outcomes > 0;
    }

    /** Forgets the outcome. */
    void again() {
        outcomes = 0;
        data = null;
        sense = null;
        cause = null;
        status = -1;
    }

    @Override
    protected void succeeded(ByteBuf readData) {
        count();
        data = readData;
    }

    @Override
    protected void refused(int refusal, SenseData senseData) {
        count();
        status = refusal;
        sense = senseData;
    }

    @Override
    protected void failed(IscsiException why) {
        count();
        cause = why;
    }

    private void count() {
        assertThat(++outcomes).as("outcomes of one task").isEqualTo(1);
    }
}
