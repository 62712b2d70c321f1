package io.lunbridge.conformance;

import io.lunbridge.block.Geometry;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.scripted.ScriptedTarget;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * An initiator as a test uses it: one disk of the scripted target, driven from the test's thread. No wait is longer than
 * {@link #LIMIT}: a hang is a failure.
 */
public interface Initiator extends AutoCloseable {

    String IQN = "iqn.2026-11.io.lunbridge:initiator";

    /** Longer than any time-out that the tests configure, or that another initiator has. */
    Duration LIMIT = Contestant.current().limit();

    /** Logs in and opens the target's disk; throws what the product reports where it cannot. */
    static Initiator open(ScriptedTarget target) throws Exception {
        return open(target, UnaryOperator.identity());
    }

    /** As {@link #open(ScriptedTarget)}, with another configuration than the default one. */
    static Initiator open(ScriptedTarget target, UnaryOperator<SessionConfig> change) throws Exception {
        return Contestant.openCurrent(target, change);
    }

    Geometry geometry();

    CompletableFuture<byte[]> startRead(long offsetBytes, int lengthBytes);

    CompletableFuture<byte[]> startWrite(long offsetBytes, byte[] data);

    void flush() throws Exception;

    default byte[] read(long offsetBytes, int lengthBytes) throws Exception {
        return await(startRead(offsetBytes, lengthBytes));
    }

    default void write(long offsetBytes, byte[] data) throws Exception {
        await(startWrite(offsetBytes, data));
    }

    /** Closes the disk, logs out, and frees what was opened. */
    @Override
    void close();

    /** What the future holds; throws the initiator's exception itself, or an assertion error where it hangs. */
    static <T> T await(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("the initiator hangs: no answer within " + LIMIT, e);
        }
    }
}
