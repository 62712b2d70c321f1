package io.lunbridge.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server and client of the control socket together, and the socket's file. */
@Timeout(60)
final class ControlServerTest {

    @TempDir
    private Path directory;

    private final SmallHandler handler = new SmallHandler();
    private Path socket = Path.of("");
    private ControlServer server;
    private ControlClient client;

    @BeforeEach
    void start() throws Exception {
        socket = directory.resolve("run/lunbridge/control");
        server = ControlServer.start(socket, handler);
        client = new ControlClient(socket);
    }

    @AfterEach
    void stop() {
        handler.released.countDown();
        server.close();
        assertThat(socket).doesNotExist();
    }

    private Map<String, Object> ask(String verb, Map<String, ?> arguments) throws Exception {
        return Objects.requireNonNull(client.ask(verb, arguments, seconds -> {}));
    }

    private CommandException refusal(String verb, Map<String, ?> arguments) {
        return assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> ask(verb, arguments))
                .actual();
    }

    @Test
    void resultsComeBackAsTheyWere() throws Exception {
        String text = "ä \" \\ \n \0 \u2028 \uD83D\uDE00";
        assertThat(ask("echo", Map.of("text", text))).containsEntry("text", text);
    }

    @Test
    void refusalTravelsWithItsExitCode() {
        CommandException refusal = refusal("refuse", Map.of());
        assertThat(refusal.exitCode()).isEqualTo(ExitCode.BUSY);
        assertThat(refusal.sentence()).isEqualTo("it is in use; try another");
    }

    @Test
    void bugInTheHandlerIsAnAnswerToo() throws Exception {
        assertThat(refusal("break", Map.of())).hasMessageContaining("internal error");
        assertThat(refusal("flood", Map.of())).hasMessageContaining("too long");
        assertThat(ask("echo", Map.of("text", "on"))).containsEntry("text", "on");
    }

    @Test
    void whatTheDaemonDoesNotKnowIsAnsweredWithWhatItKnows() throws Exception {
        try (RawClient old = new RawClient(socket).send("{\"version\":2,\"verb\":\"echo\"}\n");
                RawClient odd = new RawClient(socket).send("{\"version\":1,\"verb\":\"fly\"}\n")) {
            assertThat(old.received()).contains("version 1", "not '2'", "\"versions\":[1]", "\"echo\":[\"text\"]");
            assertThat(odd.received())
                    .contains("no verb 'fly'", "\"refuse\":[]")
                    .endsWith("}\n");
        }
        assertThat(refusal("echo", Map.of("text", "a", "colour", "red"))).hasMessageContaining("takes no 'colour'");
        assertThat(refusal("echo", Map.of())).hasMessageContaining("'text' of 'echo' is missing");
        assertThat(refusal("echo", Map.of("text", 1)).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void longestMessageAndOneByteMore() throws Exception {
        int frame = ControlMessage.encode(Map.of("version", 1, "verb", "echo", "text", ""))
                        .remaining()
                - 1;
        String longest = "x".repeat(ControlMessage.MAX_BYTES - frame);
        String line = "{\"version\":1,\"verb\":\"echo\",\"text\":\"" + longest;
        try (RawClient fits = new RawClient(socket).send(line + "\"}\n");
                RawClient fitsNot = new RawClient(socket)) {
            assertThat(fits.received()).contains(longest);
            // The server may close before it has taken all.
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    fitsNot.send(line + "x\"}\n");
                } catch (java.io.IOException closed) {
                    assertThat(closed).hasMessageContaining("pipe");
                }
            });
            assertThat(fitsNot.received()).contains("more than 65536 bytes");
            sending.join();
        }
    }

    @Test
    void clientIsToldThatItGoesOn() throws Exception {
        server.close();
        server = ControlServer.start(socket, handler, user -> true, new ControlTimes(5000, 5000, 20, 200));
        ConcurrentLinkedQueue<Long> told = new ConcurrentLinkedQueue<>();
        Map<String, Object> results = client.ask("wait", Map.of(), seconds -> {
            told.add(seconds);
            if (told.size() == 3) {
                handler.released.countDown();
            }
        });
        assertThat(results).isNotNull();
        assertThat(told).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void whatWasBegunGoesOnWithoutItsClient() throws Exception {
        server.close();
        server = ControlServer.start(socket, handler, user -> true, new ControlTimes(5000, 5000, 1, 200));
        RawClient impatient = new RawClient(socket).send("{\"version\":1,\"verb\":\"wait\"}\n");
        handler.held.await();
        impatient.close();
        // Progress that nobody takes has been sent meanwhile.
        for (int i = 0; i < 20; i++) {
            ask("echo", Map.of("text", "on"));
        }
        handler.released.countDown();
        while (handler.answered.get() < 21) {
            Thread.onSpinWait();
        }
        assertThat(handler.waiting).hasValue(1);
    }

    @Test
    void interruptEndsTheClientsWaitAndNotTheWork() throws Exception {
        Thread waiting = Thread.currentThread();
        CompletableFuture<Void> interrupting = CompletableFuture.runAsync(() -> {
            try {
                handler.held.await();
                waiting.interrupt();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> ask("wait", Map.of()));
        interrupting.join();
        handler.released.countDown();
        while (handler.answered.get() < 1) {
            Thread.onSpinWait();
        }
    }

    @Test
    void tooManyAtOnceAreToldSo() throws Exception {
        List<RawClient> many = new ArrayList<>();
        for (int i = 0; i < ControlServer.MAX_CLIENTS; i++) {
            many.add(new RawClient(socket).send("{\"version\":1,\"verb\":\"wait\"}\n"));
        }
        while (handler.waiting.get() < ControlServer.MAX_CLIENTS) {
            Thread.onSpinWait();
        }
        assertThat(refusal("echo", Map.of("text", "a")).exitCode()).isEqualTo(ExitCode.BUSY);
        handler.released.countDown();
        for (RawClient each : many) {
            assertThat(each.received()).contains("\"ok\":true");
            each.close();
        }
        assertThat(ask("echo", Map.of("text", "again"))).containsEntry("text", "again");
    }

    @Test
    void socketIsPrivateAndOtherUsersAreRefused() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory.resolve("run/lunbridge"))) {
            assertThat(files).containsExactly(socket);
        }
        server.close();
        server = ControlServer.start(socket, handler, user -> false, ControlTimes.DEFAULT);
        assertThat(refusal("echo", Map.of("text", "a")).exitCode()).isEqualTo(ExitCode.NOT_PERMITTED);
        assertThat(handler.answered).hasValue(0);
    }

    @Test
    void livingDaemonsSocketIsNotTakenAndADeadOnesIs() throws Exception {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> ControlServer.start(socket, handler))
                .withMessageContaining("another server is listening there");
        assertThat(ask("echo", Map.of("text", "a"))).containsEntry("text", "a");
        server.close();
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        assertThat(socket).exists();
        assertThat(client.ask("echo", Map.of("text", "a"), seconds -> {})).isNull();
        server = ControlServer.start(socket, handler);
        assertThat(ask("echo", Map.of("text", "b"))).containsEntry("text", "b");
    }

    @Test
    void requestUnderWayIsAnsweredWhenTheDaemonIsStopped() throws Exception {
        try (RawClient waiting = new RawClient(socket).send("{\"version\":1,\"verb\":\"wait\"}\n")) {
            handler.held.await();
            CompletableFuture<Void> releasing = CompletableFuture.runAsync(handler.released::countDown);
            Thread.currentThread().interrupt();
            server.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(waiting.received()).contains("\"ok\":true");
            releasing.join();
        }
    }

    @Test
    void withoutADaemonThereIsNoAnswer() throws Exception {
        assertThat(new ControlClient(directory.resolve("nothing")).ask("list", Map.of(), seconds -> {}))
                .isNull();
        assertThat(new ControlClient(directory.resolve("no/directory")).ask("list", Map.of(), seconds -> {}))
                .isNull();
    }

    @Test
    void daemonThatEndsBeforeItAnswersIsNamed() throws Exception {
        Path other = directory.resolve("other");
        try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            deaf.bind(UnixDomainSocketAddress.of(other));
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> {
                try {
                    deaf.accept().close();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThatExceptionOfType(CommandException.class)
                    .isThrownBy(() -> new ControlClient(other).ask("list", Map.of(), seconds -> {}))
                    .withMessageContaining(other.toString());
            closing.get(10, TimeUnit.SECONDS);
        }
    }
}
