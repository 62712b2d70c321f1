package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.devices.AttachSpec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attaches the configured devices side by side, each on a thread of its own, until it is there: a target may come up after
 * this host. What cannot get better by itself, such as a range that does not fit, is tried once.
 */
final class AutomaticDevices implements AutoCloseable {

    /** Attaches and returns the device's name; blocks. */
    interface Attaching {
        String attach(AttachSpec spec) throws CommandException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AutomaticDevices.class);
    private static final long MAX_END_MILLIS = 500;

    private final Attaching attaching;
    private final long retryMillis;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch unsettled;
    private final List<Thread> threads;

    private AutomaticDevices(List<DeviceConfiguration> configured, Attaching attaching, long retryMillis) {
        this.attaching = attaching;
        this.retryMillis = retryMillis;
        unsettled = new CountDownLatch(configured.size());
        threads = configured.stream().map(this::thread).toList();
    }

    /**
     * Begins. Files with mistakes are told to the log and passed over.
     *
     * @param retryMillis pause after an attempt that failed
     */
    static AutomaticDevices start(List<DeviceConfiguration> configured, Attaching attaching, long retryMillis) {
        configured.forEach(device -> device.mistakes().forEach(LOG::error));
        List<DeviceConfiguration> automatic =
                configured.stream().filter(DeviceConfiguration::automatic).toList();
        AutomaticDevices devices = new AutomaticDevices(automatic, attaching, retryMillis);
        devices.threads.forEach(Thread::start);
        return devices;
    }

    private Thread thread(DeviceConfiguration device) {
        Thread thread = new Thread(
                () -> attachUntilThere(device.name(), Objects.requireNonNull(device.spec())),
                "lunbridge-automatic-" + device.name());
        thread.setDaemon(true);
        return thread;
    }

    private void attachUntilThere(String name, AttachSpec spec) {
        String lastSentence = "";
        try {
            while (true) {
                try {
                    LOG.info("{} is {}", name, attaching.attach(spec));
                    return;
                } catch (CommandException e) {
                    if (isHopeless(e)) {
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

    /** Nothing but another configuration, another kernel or another user could help. */
    private static boolean isHopeless(CommandException e) {
        return switch (e.exitCode()) {
            case USAGE, OUT_OF_RANGE, NOT_A_DISK, NO_KERNEL_NBD, NOT_PERMITTED -> true;
            default -> false;
        };
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
