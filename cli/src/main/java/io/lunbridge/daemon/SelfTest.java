package io.lunbridge.daemon;

import io.lunbridge.block.BlockException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the ways of recovery once, before a disk depends on them: what a JVM has never run it has not loaded either, and
 * when a disk fails, its classes may be on that very disk. Done at the daemon's start, and by the demo, from whose run the
 * class archive is made.
 */
public final class SelfTest {

    /** Lines of this thread are not written out: it loses sessions on purpose. */
    static final String THREAD_NAME = "lunbridge-self-test";

    private static final Logger LOG = LoggerFactory.getLogger(SelfTest.class);
    static final long MAX_MILLIS = 30_000;

    private static final long DELAY_SECONDS = 2;

    private SelfTest() {}

    /** Has it run in the background soon: a daemon that has just started may have requests waiting for it. */
    public static void start() {
        Thread thread = new Thread(SelfTest::runLater, THREAD_NAME + "-starter");
        thread.setDaemon(true);
        thread.start();
    }

    private static void runLater() {
        try {
            TimeUnit.SECONDS.sleep(DELAY_SECONDS);
            run();
        } catch (InterruptedException e) {
            LOG.debug("the self-test was told to stop");
        }
    }

    /**
     * Runs it on a thread of its own, and waits for its end, at most half a minute. Whatever goes wrong is logged and no
     * reason not to go on: the disks that there are have not been touched.
     *
     * @return whether every step went as it should
     */
    public static boolean run() throws InterruptedException {
        long startNanos = System.nanoTime();
        AtomicReference<String> outcome = new AtomicReference<>("it has not ended within " + MAX_MILLIS + " ms");
        Thread thread = new Thread(() -> outcome.set(walk()), THREAD_NAME);
        thread.setDaemon(true);
        thread.start();
        thread.join(MAX_MILLIS);
        thread.interrupt();
        String failure = outcome.get();
        if (failure.isEmpty()) {
            LOG.info(
                    "recovery has been exercised, in {} ms",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
        } else {
            LOG.warn("recovery could not be exercised; going on without: {}", failure);
        }
        return failure.isEmpty();
    }

    /** Empty, or what went wrong. */
    private static String walk() {
        try (RecoveryWalk walk = new RecoveryWalk()) {
            walk.walk();
            return "";
        } catch (CommandException | BlockException | InterruptedException | RuntimeException e) {
            return e.toString();
        }
    }
}
