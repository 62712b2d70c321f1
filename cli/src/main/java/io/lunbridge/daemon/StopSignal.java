package io.lunbridge.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM, SIGINT and SIGHUP, turned into an orderly end: the main thread is told, cleans up, and its exit code is the
 * process's. A main thread that does not come to an end in time is not waited for.
 *
 * <p>The JVM turns the signals into shutdown hooks and would exit with 128 + signal; the hook here waits for the main
 * thread instead and halts with its code.
 */
public final class StopSignal {

    private static final StopSignal PROCESS = new StopSignal();
    private static final long MAX_CLEANUP_MILLIS = 20_000;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean extended;
    private volatile int exitCode = ExitCode.FAILURE.number();

    private StopSignal() {}

    /** The process's only one. */
    public static StopSignal ofProcess() {
        return PROCESS;
    }

    /** Begins to listen. Called once, on the main thread, which is interrupted when a signal comes. */
    public void install() {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main), "lunbridge-stop"));
    }

    /** Waits until the process shall stop. */
    public void await() {
        try {
            requested.await();
        } catch (InterruptedException e) {
            // The interrupt is the request, come before this call.
        }
    }

    /** Ends {@link #await} without a signal. Any thread. */
    public void request() {
        requested.countDown();
    }

    /**
     * Lifts the limit on cleaning up: for a wait that the user knows of and ends himself. Everything cleaned up after
     * it must be bounded by itself.
     */
    public void extend() {
        extended = true;
    }

    /** Whether the process shall stop. Any thread. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Ends the process with this code; everything has been cleaned up. Does not return. */
    public void exit(int code) {
        exitCode = code;
        finished.countDown();
        Runtime.getRuntime().exit(code);
    }

    private void stop(Thread main) {
        if (finished.getCount() == 0) {
            return;
        }
        requested.countDown();
        main.interrupt();
        try {
            boolean clean = finished.await(MAX_CLEANUP_MILLIS, TimeUnit.MILLISECONDS);
            if (!clean && extended) {
                finished.await();
            } else if (!clean) {
                System.err.println("lunbridge: gave up cleaning up after " + MAX_CLEANUP_MILLIS / 1000
                        + " s; the target will notice that this session is gone");
            }
        } catch (InterruptedException e) {
            // Nobody interrupts a hook; if so, end now.
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
