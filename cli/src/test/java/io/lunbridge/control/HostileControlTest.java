package io.lunbridge.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client of the control socket sends or does not send: it gets an error or is let go, and others are served. */
@Timeout(120)
final class HostileControlTest {

    private static final String REQUEST = "{\"version\":1,\"verb\":\"echo\",\"text\":\"ä\"}\n";
    private static final ControlTimes SHORT = new ControlTimes(300, 300, 50, 50);

    @TempDir
    private Path directory;

    private final SmallHandler handler = new SmallHandler();
    private Path socket = Path.of("");
    private ControlServer server;

    @BeforeEach
    void start() throws Exception {
        socket = directory.resolve("control");
        server = ControlServer.start(socket, handler, user -> true, SHORT);
    }

    @AfterEach
    void othersAreServed() throws Exception {
        Map<String, Object> results = new ControlClient(socket).ask("echo", Map.of("text", "alive"), seconds -> {});
        assertThat(results).containsEntry("text", "alive");
        server.close();
    }

    @Test
    void tornAtEveryByte() throws Exception {
        byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
        for (int end = 0; end < request.length; end++) {
            try (RawClient client = new RawClient(socket)
                    .send(java.util.Arrays.copyOf(request, end))
                    .end()) {
                assertThat(client.received()).as("after %d bytes", end).isEmpty();
            }
        }
        assertThat(handler.answered).hasValue(0);
    }

    @Test
    void byteByByteIsWholeAllTheSame() throws Exception {
        try (RawClient client = new RawClient(socket)) {
            for (byte each : REQUEST.getBytes(StandardCharsets.UTF_8)) {
                client.send(each);
            }
            assertThat(client.received()).contains("\"text\":\"ä\"");
        }
    }

    @Test
    void silentOrHalfAreLetGo() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        for (String sent : List.of("", "{", REQUEST.strip())) {
            slow.add(new RawClient(socket).send(sent));
        }
        for (RawClient each : slow) {
            assertThat(each.received()).contains("no whole request within 300 ms");
            each.close();
        }
    }

    @Test
    void drippingDoesNotStretchTheLimit() throws Exception {
        try (RawClient client = new RawClient(socket)) {
            long sent = 0;
            try {
                // Ends by the server's closing, else by this test's own limit.
                while (true) {
                    client.send(" ");
                    sent++;
                    Thread.sleep(1);
                }
            } catch (IOException closed) {
                assertThat(sent).isBetween(1L, (long) ControlMessage.MAX_BYTES);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "[]",
                "\"version\"",
                "{",
                "{}",
                "{} {}",
                "{\"version\":1}",
                "{\"version\":\"1\",\"verb\":\"echo\"}",
                "{\"version\":1.0,\"verb\":\"echo\"}",
                "{\"version\":99999999999999999999999999999999999999,\"verb\":\"echo\"}",
                "{\"version\":1,\"version\":1,\"verb\":\"echo\",\"text\":\"\"}",
                "{\"version\":1,\"verb\":null}",
                "{\"version\":1,\"verb\":[\"echo\"]}",
                "{\"version\":1,\"verb\":\"echo\"} x",
                "{\"version\":1,\"verb\":\"echo\",\"text\":{\"a\":[]}}",
                "GET / HTTP/1.1\r",
                "\u0000\u0001\u0002",
                "{'version':1}",
                "{\"version\":1,\"verb\":\"echo\",\"text\":NaN}",
            })
    void garbageIsAnswered(String line) throws Exception {
        try (RawClient client = new RawClient(socket).send(line + "\n")) {
            assertThat(client.received()).contains("\"error\":").endsWith("}\n");
        }
        assertThat(handler.answered).hasValue(0);
    }

    @Test
    void notUtf8() throws Exception {
        byte[] request = REQUEST.getBytes(StandardCharsets.ISO_8859_1);
        try (RawClient client = new RawClient(socket).send(request)) {
            assertThat(client.received()).contains("not UTF-8");
        }
    }

    @Test
    void deeplyNested() throws Exception {
        String deep = "[".repeat(30_000) + "]".repeat(30_000);
        try (RawClient client = new RawClient(socket).send("{\"version\":1,\"verb\":" + deep + "}\n")) {
            assertThat(client.received()).contains("not a JSON object");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void mutated(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                request[random.nextInt(request.length - 1)] = (byte) random.nextInt(256);
            }
            try (RawClient client = new RawClient(socket).send(request).end()) {
                assertThat(client.received())
                        .as("seed %d, input %d", seed, i)
                        .contains("\"version\":1")
                        .endsWith("}\n");
            }
        }
    }

    @Test
    void clientsThatLeaveBeforeTheAnswer() throws Exception {
        // A few at a time: who comes while as many as there may be are being dealt with is refused, rightly.
        for (int sent = 1; sent <= 3 * ControlServer.MAX_CLIENTS; sent++) {
            new RawClient(socket).send(REQUEST).close();
            while (handler.answered.get() < sent - ControlServer.MAX_CLIENTS / 4) {
                Thread.onSpinWait();
            }
        }
    }
}
