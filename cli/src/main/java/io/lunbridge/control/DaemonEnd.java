package io.lunbridge.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's way out, as the service manager and a successor have to do with it. The devices are let go of on a thread of
 * its own, which the stop signal does not interrupt; meanwhile the service manager is told to wait.
 */
final class DaemonEnd {

    /** What becomes of the devices. Each is bounded in time. */
    interface Held {

        /** Detaches idle ones, serves busy ones until they are not. */
        void close();

        /** Makes {@link #close}, which is under way, let go of busy ones without detaching them. */
        void hurry();

        /** Lets go of all without detaching them, instead of {@link #close}. */
        void release();
    }

    private static final Logger LOG = LoggerFactory.getLogger(DaemonEnd.class);

    /** How much longer the service manager is asked to wait, again and again. */
    private static final long EXTENSION_MILLIS = 15_000;

    private final Held held;
    private final Supervisor supervisor;
    private final CompletableFuture<Void> releasing;
    private final long tellMillis;

    /**
     * @param releasing complete when a successor is about to start, maybe in the middle of the end
     * @param tellMillis how often the service manager is told
     */
    DaemonEnd(Held held, Supervisor supervisor, CompletableFuture<Void> releasing, long tellMillis) {
        this.held = held;
        this.supervisor = supervisor;
        this.releasing = releasing;
        this.tellMillis = tellMillis;
    }

    /** Returns when no device is held any more. Puts an interrupt off until then. */
    void run() {
        supervisor.tell(Supervisor.STOPPING, Supervisor.extension(EXTENSION_MILLIS));
        boolean hurried = releasing.isDone();
        CompletableFuture<Void> over = start(hurried ? held::release : held::close);
        boolean interrupted = false;
        while (!over.isDone()) {
            if (!hurried && releasing.isDone()) {
                hurried = true;
                held.hurry();
            }
            try {
                CompletableFuture<?> event = hurried ? over : CompletableFuture.anyOf(over, releasing);
                event.get(tellMillis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                supervisor.tell(Supervisor.extension(EXTENSION_MILLIS));
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                LOG.error("the devices could not be let go of", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletableFuture<Void> start(Runnable work) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                        over.complete(null);
                    } catch (RuntimeException e) {
                        over.completeExceptionally(e);
                    }
                },
                "lunbridge-end");
        thread.start();
        return over;
    }
}
