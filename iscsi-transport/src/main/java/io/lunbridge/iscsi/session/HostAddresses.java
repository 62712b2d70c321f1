package io.lunbridge.iscsi.session;

import io.netty.channel.EventLoop;
import io.netty.resolver.NameResolver;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of hosts, by their names; what was found once is remembered. A session that is lost may have been lost
 * together with the name server, and the disk may be what that needs to come back: then the addresses of last time do.
 *
 * <p>Confined to the event loop; the resolver blocks, and has a thread of its own.
 */
final class HostAddresses {

    /** A name server that says nothing for so long is not waited for where addresses are remembered. */
    static final long PATIENCE_MILLIS = 2_000;

    /** A target may redirect to as many names as it likes; the first that were of use are those of the session's own. */
    static final int MAX_REMEMBERED = 16;

    private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);

    private final EventLoop eventLoop;
    private final NameResolver<InetAddress> resolver;
    private final Map<String, List<InetAddress>> remembered = new HashMap<>();

    /** @param resolver answers on any thread */
    HostAddresses(EventLoop eventLoop, NameResolver<InetAddress> resolver) {
        this.eventLoop = eventLoop;
        this.resolver = resolver;
    }

    /** Tells one of the two, once, on the event loop: the host's addresses, at least one, or why there are none. */
    void find(String host, Consumer<List<InetAddress>> found, Consumer<Throwable> failed) {
        Question question = new Question(host, found, failed);
        if (remembered.containsKey(host)) {
            var unused = eventLoop.schedule(question::isLate, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        Future<List<InetAddress>> resolution = resolver.resolveAll(host);
        var unused = resolution.addListener(done -> eventLoop.execute(() -> {
            if (resolution.isSuccess()) {
                question.isAnswered(resolution.getNow());
            } else {
                question.isRefused(resolution.cause());
            }
        }));
    }

    private final class Question {

        private final String host;
        private final Consumer<List<InetAddress>> found;
        private final Consumer<Throwable> failed;
        private boolean settled;

        Question(String host, Consumer<List<InetAddress>> found, Consumer<Throwable> failed) {
            this.host = host;
            this.found = found;
            this.failed = failed;
        }

        void isAnswered(List<InetAddress> addresses) {
            if (remembered.size() < MAX_REMEMBERED || remembered.containsKey(host)) {
                remembered.put(host, addresses);
            }
            settle(addresses);
        }

        void isRefused(Throwable cause) {
            List<InetAddress> known = remembered.get(host);
            if (known != null) {
                fallBack(known, cause.getMessage());
            } else if (!settled) {
                settled = true;
                failed.accept(cause);
            }
        }

        void isLate() {
            List<InetAddress> known = remembered.get(host);
            if (known != null) {
                fallBack(known, "no answer within " + PATIENCE_MILLIS + " ms");
            }
        }

        private void fallBack(List<InetAddress> known, @Nullable String reason) {
            if (!settled) {
                LOG.warn(
                        "the address of {} cannot be found now ({}); it is taken to be {} as before",
                        host,
                        reason,
                        known);
            }
            settle(known);
        }

        private void settle(List<InetAddress> addresses) {
            if (!settled) {
                settled = true;
                found.accept(addresses);
            }
        }
    }
}
