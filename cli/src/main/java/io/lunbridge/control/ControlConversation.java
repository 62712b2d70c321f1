package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's request and its answer, on a thread of their own. Whatever the client does, only its connection ends. */
final class ControlConversation implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlConversation.class);
    private static final int MAX_QUOTED = 40;

    private final ControlChannel client;
    private final ControlHandler handler;
    private final ControlTimes times;
    private final ScheduledExecutorService timer;

    /** The channel is owned from here on. */
    ControlConversation(
            ControlChannel client, ControlHandler handler, ControlTimes times, ScheduledExecutorService timer) {
        this.client = client;
        this.handler = handler;
        this.times = times;
        this.timer = timer;
    }

    @Override
    public void run() {
        try (client) {
            answer(reply());
        } catch (IOException e) {
            LOG.debug("a control client is gone: {}", e.toString());
        }
    }

    private void answer(Map<String, @Nullable Object> reply) throws IOException {
        try {
            client.write(reply, times.answerMillis());
        } catch (ProtocolException tooLong) {
            LOG.error("an answer is too long: {}", tooLong.getMessage());
            client.write(error(ExitCode.FAILURE, "the answer is too long for a message"), times.answerMillis());
        }
    }

    private Map<String, @Nullable Object> reply() throws IOException {
        Map<String, Object> message;
        try {
            message = client.read(times.requestMillis());
        } catch (EOFException e) {
            throw e;
        } catch (SocketTimeoutException e) {
            return error(ExitCode.FAILURE, "no whole request within " + times.requestMillis() + " ms");
        } catch (ProtocolException e) {
            return error(ExitCode.USAGE, "the request is " + e.getMessage());
        }
        String misfit = misfit(message);
        return misfit == null ? done(request(message)) : unknown(misfit);
    }

    /** What of the request this side does not know, as a sentence; null if it knows all. */
    private @Nullable String misfit(Map<String, Object> message) {
        Object version = message.get(ControlMessage.VERSION_KEY);
        if (!Integer.valueOf(ControlMessage.VERSION).equals(version)) {
            return "the daemon speaks version " + ControlMessage.VERSION + " of the control protocol, not "
                    + quoted(version) + "; use the lunbridge that it was started from, or restart it";
        }
        Object verb = message.get(ControlMessage.VERB);
        Set<String> known = verb instanceof String ? handler.verbs().get(verb) : null;
        if (known == null) {
            return "the daemon has no verb " + quoted(verb) + "; it may be older than this command: restart it";
        }
        for (String argument : request(message).arguments().keySet()) {
            if (!known.contains(argument)) {
                return "the daemon's verb " + quoted(verb) + " takes no " + quoted(argument)
                        + "; it may be older than this command: restart it";
            }
        }
        return null;
    }

    private static ControlRequest request(Map<String, Object> message) {
        Map<String, Object> arguments = new LinkedHashMap<>(message);
        arguments.remove(ControlMessage.VERSION_KEY);
        Object verb = arguments.remove(ControlMessage.VERB);
        return new ControlRequest(String.valueOf(verb), arguments);
    }

    private Map<String, @Nullable Object> done(ControlRequest request) {
        ScheduledFuture<?> progress = tellProgress(request.verb());
        try {
            Map<String, @Nullable Object> reply = ControlMessage.empty();
            reply.put(ControlMessage.OK, true);
            reply.putAll(handler.answer(request));
            return reply;
        } catch (CommandException e) {
            LOG.info("{}: {}", request.verb(), e.sentence());
            Map<String, @Nullable Object> error = error(e.exitCode(), e.sentence());
            if (e.iscsiError() != CommandException.NO_ISCSI_ERROR) {
                error.put(ControlMessage.ISCSI_ERROR, e.iscsiError());
            }
            return error;
        } catch (InterruptedException e) {
            return error(ExitCode.FAILURE, "the daemon stops");
        } catch (RuntimeException e) {
            LOG.error("{}: internal error", request.verb(), e);
            return error(ExitCode.FAILURE, "internal error of the daemon, please report it: " + e);
        } finally {
            progress.cancel(false);
        }
    }

    /** Ends by itself when the client does not take it. */
    private ScheduledFuture<?> tellProgress(String verb) {
        long started = System.nanoTime();
        Runnable tell = () -> {
            Map<String, @Nullable Object> message = ControlMessage.empty();
            message.put(ControlMessage.PROGRESS, verb);
            message.put(ControlMessage.SECONDS, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
            try {
                client.write(message, times.progressWriteMillis());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        long interval = times.progressMillis();
        return timer.scheduleWithFixedDelay(tell, interval, interval, TimeUnit.MILLISECONDS);
    }

    static Map<String, @Nullable Object> error(ExitCode exitCode, String sentence) {
        Map<String, @Nullable Object> message = ControlMessage.empty();
        message.put(ControlMessage.ERROR, sentence);
        message.put(ControlMessage.EXIT_CODE, exitCode.name());
        return message;
    }

    private Map<String, @Nullable Object> unknown(String sentence) {
        Map<String, @Nullable Object> message = error(ExitCode.FAILURE, sentence);
        message.put("versions", List.of(ControlMessage.VERSION));
        Map<String, List<String>> verbs = new TreeMap<>();
        handler.verbs().forEach((verb, arguments) -> verbs.put(verb, List.copyOf(arguments)));
        message.put("verbs", verbs);
        return message;
    }

    private static String quoted(@Nullable Object value) {
        String text = String.valueOf(value);
        return "'" + (text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "…" : text) + "'";
    }
}
