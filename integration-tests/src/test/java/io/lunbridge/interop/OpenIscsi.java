package io.lunbridge.interop;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The iscsiadm of open-iscsi that is installed, on a database of its own: it takes another directory for
 * {@code /etc/iscsi}, in a mount and a network namespace of its own. Needs root, {@code iscsiadm}, {@code unshare} and
 * {@code python3}.
 */
public final class OpenIscsi {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Path etc;

    /** @param etc stands for {@code /etc/iscsi}; made where it is missing */
    public OpenIscsi(Path etc) throws IOException {
        this.etc = Files.createDirectories(etc);
    }

    /** Runs a shell script that calls iscsiadm, and requires status 0 of its end. */
    public String run(String script) {
        Path alone = resource("open-iscsi-alone.sh");
        return Processes.outcome(LIMIT, "bash", alone.toString(), etc.toString(), "bash", "-c", script)
                .orFail()
                .output();
    }

    static Path resource(String name) {
        try {
            URL url = Objects.requireNonNull(OpenIscsi.class.getResource(name), name);
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
