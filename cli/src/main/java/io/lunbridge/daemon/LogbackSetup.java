package io.lunbridge.daemon;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;

/** Sets Logback up in code: found by it as a service, and faster at start than reading XML. */
public final class LogbackSetup extends ContextAwareBase implements Configurator {

    private static final String PATTERN = "lunbridge: %d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n";
    private static final int MAX_QUEUED_LINES = 512;
    private static final int MAX_FLUSH_MILLIS = 1000;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.addFilter(new SelfTestFilter());
        console.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(MAX_QUEUED_LINES);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(MAX_FLUSH_MILLIS);
        queue.addAppender(console);
        queue.start();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty(Logging.LEVEL_PROPERTY), Level.WARN));
        root.addAppender(queue);
        context.getLogger("io.netty").setLevel(Level.WARN);
        // It warns where the only network interface is loopback.
        context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** What {@link SelfTest} brings about itself is no news. Behind the queue, so that its lines are made all the same. */
    private static final class SelfTestFilter extends Filter<ILoggingEvent> {

        @Override
        public FilterReply decide(ILoggingEvent event) {
            return SelfTest.THREAD_NAME.equals(event.getThreadName()) ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }
}
