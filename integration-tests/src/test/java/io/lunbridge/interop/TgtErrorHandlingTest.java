package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.BlockException;
import io.lunbridge.block.Completion;
import io.lunbridge.block.Durability;
import io.lunbridge.block.TestLoop;
import io.lunbridge.iscsi.disk.ScsiDisk;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.iscsi.session.SessionListener;
import io.lunbridge.iscsi.session.Timeouts;
import io.lunbridge.scsi.Lun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands that are stuck in a stopped tgtd: aborts, resets, and what the disk makes of them when it goes on. */
@NeedsTools("tgtd")
class TgtErrorHandlingTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int BYTES = 256 << 10;

    private final TestLoop loop = TestLoop.nio();
    private final TgtTarget target = TgtTarget.start();
    private final int lun = target.addFileLun(8 << 20);
    private final List<Boolean> errorHandling = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        target.close();
        loop.close();
    }

    @Test
    void abortsAreUnderstoodAndTheDataIsRight() throws Exception {
        goesOnAfter(new Timeouts.Ladder(1, 30, 30, 30, true), 1);
    }

    @Test
    void aResetOfTheUnitIsUnderstoodAndTheDataIsRight() throws Exception {
        goesOnAfter(new Timeouts.Ladder(1, 1, 30, 30, true), 2);
    }

    @Test
    void withoutFastAbortToo() throws Exception {
        goesOnAfter(new Timeouts.Ladder(1, 1, 30, 30, false), 2);
    }

    /** Stops the target under load until so many steps have been taken, which it finds when it goes on. */
    private void goesOnAfter(Timeouts.Ladder ladder, int steps) throws Exception {
        Session session = ScsiDiskOnTgt.openSession(
                loop.loop(),
                ScsiDiskOnTgt.config(target)
                        .withTimeouts(Timeouts.DEFAULT.withoutPings().withLadder(ladder)));
        ScsiDisk disk = ScsiDiskOnTgt.openDisk(session, Lun.ofNumber(lun));
        listen(session);
        target.stop();
        CompletableFuture<byte[]> write = start(done -> disk.write(0, pattern(1), Durability.CACHED, done));
        CompletableFuture<byte[]> read = start(done -> disk.read(4 << 20, BYTES, done));
        loop.await(() -> session.statistics().counters().getOrDefault("tmfcmd_pdus", 0L) >= steps);
        assertThat(read).isNotDone();
        assertThat(write).isNotDone();
        target.resume();
        await(write);
        assertThat(await(read)).isEqualTo(new byte[BYTES]);
        assertThat(await(start(done -> disk.read(0, BYTES, done)))).isEqualTo(bytes(pattern(1)));
        await(start(done -> disk.write(0, pattern(2), Durability.DURABLE, done)));
        assertThat(await(start(done -> disk.read(0, BYTES, done)))).isEqualTo(bytes(pattern(2)));
        assertThat(errorHandling).startsWith(true, false);
        ScsiDiskOnTgt.close(session);
    }

    private void listen(Session session) {
        loop.run(() -> session.addListener(new SessionListener() {
            @Override
            public void sessionEnded(IscsiException cause) {}

            @Override
            public void errorHandling(boolean active) {
                errorHandling.add(active);
            }
        }));
    }

    private static ByteBuf pattern(int seed) {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (i * 31 + seed);
        }
        return Unpooled.wrappedBuffer(bytes);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return bytes;
    }

    private static byte[] await(CompletableFuture<byte[]> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<byte[]> start(Consumer<Completion> request) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        loop.loop()
                .execute(() -> request.accept(new Completion() {
                    @Override
                    public void succeeded(ByteBuf data) {
                        result.complete(bytes(data));
                    }

                    @Override
                    public void failed(BlockException cause) {
                        result.completeExceptionally(cause);
                    }
                }));
        return result;
    }
}
