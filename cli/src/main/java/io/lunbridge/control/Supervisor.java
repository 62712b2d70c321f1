package io.lunbridge.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What started this process as a service and wants to know how it is (sd_notify(3)): lines {@code NAME=value} in datagrams
 * to the socket that {@code $NOTIFY_SOCKET} names. Where nobody wants to know, nothing is sent. Any thread that may wait
 * for a moment; never an event loop.
 */
final class Supervisor implements AutoCloseable {

    static final String READY = "READY=1";
    static final String STOPPING = "STOPPING=1";
    static final String ALIVE = "WATCHDOG=1";

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** A service manager that is stuck must not stop us. */
    private static final int MAX_SEND_MILLIS = 1000;

    private final Map<String, String> environment;
    private final @Nullable UnixSocketAddress address;
    private @Nullable UnixDatagramChannel channel;
    private boolean warned;

    private Supervisor(Map<String, String> environment, @Nullable UnixSocketAddress address) {
        this.environment = environment;
        this.address = address;
    }

    /** The one that this environment names, or nobody. */
    static Supervisor of(Map<String, String> environment) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (name.startsWith("@")) {
            // The abstract namespace of unix(7): its names begin with a NUL.
            return new Supervisor(environment, new UnixSocketAddress("\0" + name.substring(1)));
        }
        if (!name.isEmpty() && !name.startsWith("/")) {
            LOG.warn("NOTIFY_SOCKET is {}, and only a path or an abstract name (@…) is taken: nobody is told", name);
            return new Supervisor(environment, null);
        }
        return new Supervisor(environment, name.isEmpty() ? null : new UnixSocketAddress(name));
    }

    /** Sends lines in one datagram, as far as that can be done. */
    synchronized void tell(String... lines) {
        if (address == null) {
            return;
        }
        try {
            ByteBuffer datagram = ByteBuffer.wrap(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            if (open().send(datagram, address) < 0) {
                throw new IOException("it was not taken");
            }
        } catch (IOException | RuntimeException e) {
            if (!warned) {
                LOG.warn("the service manager cannot be told ({}): {}", String.join(" ", lines), e.toString());
            }
            warned = true;
        }
    }

    /** A line for {@code systemctl status}. */
    static String status(String text) {
        return "STATUS=" + text.replaceAll("\\p{Cntrl}", "?");
    }

    /** The way down may take this much longer, whatever the unit says. */
    static String extension(long millis) {
        return "EXTEND_TIMEOUT_USEC=" + TimeUnit.MILLISECONDS.toMicros(millis);
    }

    /** How often at least {@link #ALIVE} has to be told, as the service manager says; 0 if it does not want it. */
    long watchdogMillis() {
        String process = environment.getOrDefault("WATCHDOG_PID", "");
        if (!process.isEmpty()
                && !process.equals(Long.toString(ProcessHandle.current().pid()))) {
            return 0;
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros <= 0 ? 0 : Math.max(1, TimeUnit.MICROSECONDS.toMillis(micros));
        } catch (NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC is no number: the watchdog is not served");
            return 0;
        }
    }

    private UnixDatagramChannel open() throws IOException {
        UnixDatagramChannel known = channel;
        if (known == null) {
            known = UnixDatagramChannel.open();
            known.setOption(UnixSocketOptions.SO_SNDTIMEO, MAX_SEND_MILLIS);
            channel = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing: {}", e.toString());
        }
    }
}
