package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon is to have by itself from its start on: tried side by side, each on a thread of its own, until it is
 * there, as a target may come up after this host. What cannot get better by itself is tried once.
 */
final class AutomaticStart implements AutoCloseable {

    /**
     * One thing to have.
     *
     * @param name for the log
     * @param attempt gets it and tells what it is; blocks
     * @param isHopeless whether another attempt could come to nothing else
     */
    record Wish(String name, Attempt attempt, Predicate<CommandException> isHopeless) {}

    /** Gets something; blocks. */
    interface Attempt {
        String run() throws CommandException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AutomaticStart.class);
    private static final long MAX_END_MILLIS = 500;

    private final long retryMillis;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch unsettled;
    private final List<Thread> threads;

    private AutomaticStart(List<Wish> wishes, long retryMillis) {
        this.retryMillis = retryMillis;
        unsettled = new CountDownLatch(wishes.size());
        threads = wishes.stream().map(this::thread).toList();
    }

    /**
     * Begins.
     *
     * @param retryMillis pause after an attempt that failed
     */
    static AutomaticStart begin(List<Wish> wishes, long retryMillis) {
        AutomaticStart start = new AutomaticStart(wishes, retryMillis);
        start.threads.forEach(Thread::start);
        return start;
    }

    private Thread thread(Wish wish) {
        Thread thread = new Thread(() -> tryUntilThere(wish), "lunbridge-automatic-" + wish.name());
        thread.setDaemon(true);
        return thread;
    }

    private void tryUntilThere(Wish wish) {
        String name = wish.name();
        String lastSentence = "";
        try {
            while (true) {
                try {
                    LOG.info("{} is {}", name, wish.attempt().run());
                    return;
                } catch (CommandException e) {
                    if (wish.isHopeless().test(e)) {
                        LOG.error("{} is not attached: {}", name, e.sentence());
                        return;
                    }
                    if (!e.sentence().equals(lastSentence)) {
                        LOG.warn("{} is not attached yet, and is tried again: {}", name, e.sentence());
                        lastSentence = e.sentence();
                    }
                }
                if (closing.await(retryMillis, TimeUnit.MILLISECONDS)) {
                    throw new InterruptedException();
                }
            }
        } catch (InterruptedException e) {
            LOG.info("{}: no longer tried", name);
        } catch (RuntimeException e) {
            LOG.error("{}: internal error", name, e);
        } finally {
            unsettled.countDown();
        }
    }

    /**
     * Waits until all are attached or given up.
     *
     * @return how many are still tried when the time is up
     */
    long await(long limitMillis) throws InterruptedException {
        boolean unused = unsettled.await(limitMillis, TimeUnit.MILLISECONDS);
        return unsettled.getCount();
    }

    /** Gives up those that are still tried, and waits a moment for that. */
    @Override
    public void close() {
        closing.countDown();
        threads.forEach(Thread::interrupt);
        try {
            boolean unused = unsettled.await(MAX_END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // The stop signal that makes us close. Whoever is still at it is ended with the devices.
            Thread.currentThread().interrupt();
        }
    }
}
