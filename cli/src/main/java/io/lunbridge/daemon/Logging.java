package io.lunbridge.daemon;

import org.slf4j.LoggerFactory;

/**
 * The logger's life. Lines go to standard error through a bounded queue that drops rather than blocks: the data path
 * never waits for a terminal or a disk. Quiet unless something is wrong.
 */
public final class Logging {

    private static final String[] LEVELS = {"WARN", "INFO", "DEBUG"};

    /** Read by {@link LogbackSetup} when the first logger is made. */
    static final String LEVEL_PROPERTY = "lunbridge.log.level";

    private Logging() {}

    /**
     * Sets how much is told. Has an effect only before the first line is logged.
     *
     * @param verbosity 0: only what is wrong; 1: what happens; 2 and more: everything
     */
    public static void start(int verbosity) {
        if (verbosity > 0 || System.getProperty(LEVEL_PROPERTY) == null) {
            System.setProperty(LEVEL_PROPERTY, LEVELS[Math.min(verbosity, LEVELS.length - 1)]);
        }
    }

    /** Writes out what is queued; bounded. Nothing is logged afterwards. */
    public static void stop() {
        if (System.getProperty(LEVEL_PROPERTY) != null
                && LoggerFactory.getILoggerFactory() instanceof ch.qos.logback.classic.LoggerContext context) {
            context.stop();
        }
    }
}
