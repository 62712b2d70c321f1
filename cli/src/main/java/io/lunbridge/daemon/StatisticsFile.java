package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file of statistics current: every few seconds, and once more when it is closed. The file is replaced whole, so
 * that nobody reads half of one.
 */
public final class StatisticsFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatisticsFile.class);
    private static final int INTERVAL_SECONDS = 5;
    private static final long MAX_LAST_WRITE_MILLIS = 2000;

    private final @Nullable Path file;
    private final Supplier<String> text;
    private final ScheduledExecutorService timer;
    private boolean warned;

    /**
     * Nothing is written before {@link #start}.
     *
     * @param file null: none, and only told to the log at the end
     * @param text called on a thread that may wait
     */
    StatisticsFile(@Nullable Path file, Supplier<String> text) {
        this.file = file;
        this.text = text;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lunbridge-statistics");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins. */
    public void start() {
        if (file != null) {
            var unused = timer.scheduleWithFixedDelay(this::write, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void write() {
        Path target = file;
        if (target == null) {
            return;
        }
        try {
            Path fresh = target.resolveSibling(target.getFileName() + ".new");
            Files.writeString(fresh, text.get(), StandardCharsets.UTF_8);
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            if (!warned) {
                LOG.warn("cannot write statistics to {}: {}", target, e.toString());
            }
            warned = true;
        }
    }

    /** The last figures: into the file, and with {@code --verbose} to the log. */
    @Override
    public void close() {
        CountDownLatch written = new CountDownLatch(1);
        timer.execute(() -> {
            write();
            LOG.info("at the end:\n{}", text.get());
            written.countDown();
        });
        timer.shutdown();
        if (!Uninterrupted.await(written, MAX_LAST_WRITE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.warn("the last statistics were not written in time");
        }
    }
}
