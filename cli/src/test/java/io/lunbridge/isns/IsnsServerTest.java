package io.lunbridge.isns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.records.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever an iSNS server sends: a list of portals, or an exception, in time. */
@Timeout(60)
@Row({"M-136", "S-53"})
final class IsnsServerTest {

    private static final int LIMIT_MILLIS = 5000;
    private static final int SHORT_MILLIS = 200;
    private static final int ANSWER = 0x8002;
    private static final int LAST = 0x0c00;
    private static final int NOT_LAST = 0x0400;

    private final ServerSocket listener = open();
    private final Thread server = new Thread(this::serveAll, "server");

    /** To clients that wait for more. */
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    private volatile byte[] answer = new byte[0];
    private volatile boolean staysOpen;
    private volatile byte[] asked = new byte[0];

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void serve() {
        server.setDaemon(true);
        server.start();
    }

    private void serveAll() {
        while (true) {
            try {
                Socket client = listener.accept();
                byte[] header = client.getInputStream().readNBytes(12);
                int payloadBytes = ByteBuffer.wrap(header).getShort(4);
                asked = client.getInputStream().readNBytes(payloadBytes);
                client.getOutputStream().write(answer);
                if (staysOpen) {
                    open.add(client);
                } else {
                    client.close();
                }
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private List<TargetPortal> ask(int limitMillis) throws Exception {
        return new IsnsServer("127.0.0.1", listener.getLocalPort(), limitMillis).portals("iqn.2001-04.com.example:me");
    }

    private static byte[] message(int sequence, int flags, byte[] payload) {
        ByteBuffer message = ByteBuffer.allocate(12 + payload.length);
        message.putShort((short) 1).putShort((short) ANSWER).putShort((short) payload.length);
        message.putShort((short) flags).putShort((short) 1).putShort((short) sequence);
        return message.put(payload).array();
    }

    private static byte[] attribute(int tag, byte... value) {
        return ByteBuffer.allocate(8 + value.length)
                .putInt(tag)
                .putInt(value.length)
                .put(value)
                .array();
    }

    private static byte[] name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return attribute(48, Arrays.copyOf(bytes, bytes.length / 4 * 4 + 4));
    }

    private static byte[] number(int tag, int value) {
        return attribute(tag, ByteBuffer.allocate(4).putInt(value).array());
    }

    private static byte[] ipv4(int last) {
        return attribute(49, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, (byte) 200, (byte) last});
    }

    private static byte[] ipv6() {
        return attribute(49, new byte[] {(byte) 0xfd, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5});
    }

    private static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer joined = ByteBuffer.allocate(length);
        Arrays.stream(parts).forEach(joined::put);
        return joined.array();
    }

    /** Success, a key, its end, and these attributes. */
    private static byte[] found(byte[]... attributes) {
        return joined(new byte[4], number(33, 1), attribute(0), joined(attributes));
    }

    private static byte[] two() {
        return found(
                attribute(32, "ignored\0".getBytes(StandardCharsets.UTF_8)),
                name("iqn.2001-04.com.example:one"),
                ipv4(1),
                number(50, 3260),
                number(51, 7),
                name("iqn.2001-04.com.example:two"),
                ipv6(),
                number(50, 3261),
                number(51, 0));
    }

    @Test
    void portalGroupsArePortals() throws Exception {
        answer = message(0, LAST, two());
        assertThat(ask(LIMIT_MILLIS))
                .containsExactly(
                        new TargetPortal("iqn.2001-04.com.example:one", "10.0.200.1", 3260, 7),
                        new TargetPortal("iqn.2001-04.com.example:two", "fd00:0:0:1::5", 3261, 0));
        String request = new String(asked, StandardCharsets.UTF_8);
        assertThat(request).contains("iqn.2001-04.com.example:me\0");
        assertThat(asked.length % 4).isZero();
    }

    @Test
    void anAnswerMayComeInParts() throws Exception {
        byte[] whole = two();
        answer = joined(
                message(0, NOT_LAST, Arrays.copyOf(whole, 30)),
                message(1, 0, Arrays.copyOfRange(whole, 30, 31)),
                message(2, 0x0800, Arrays.copyOfRange(whole, 31, whole.length)));
        assertThat(ask(LIMIT_MILLIS)).hasSize(2);
    }

    @Test
    void whatIsNoTargetOverTcpIsPassedOver() throws Exception {
        answer = message(
                0,
                LAST,
                found(
                        joined(name("udp"), ipv4(1), number(50, 0x10000 | 3260), number(51, 1)),
                        joined(name("no-port"), ipv4(1), number(51, 1)),
                        joined(name("no-tag"), ipv4(1), number(50, 3260), attribute(51)),
                        joined(name("../up"), ipv4(1), number(50, 3260), number(51, 1)),
                        joined(name(".."), ipv4(1), number(50, 3260), number(51, 1)),
                        joined(name("esc\033[2J"), ipv4(1), number(50, 3260), number(51, 1)),
                        joined(name("n".repeat(224)), ipv4(1), number(50, 3260), number(51, 1)),
                        joined(name("short-address"), attribute(49, new byte[4]), number(50, 3260), number(51, 1)),
                        joined(name("good"), ipv4(9), number(50, 3260), number(51, 1)),
                        joined(name("good"), ipv4(9), number(50, 3260), number(51, 1))));
        assertThat(ask(LIMIT_MILLIS)).containsExactly(new TargetPortal("good", "10.0.200.9", 3260, 1));
    }

    @Test
    void noIsTold() {
        for (int code : new int[] {9, 8, 77, -1}) {
            answer = message(0, LAST, ByteBuffer.allocate(4).putInt(code).array());
            assertThatThrownBy(() -> ask(LIMIT_MILLIS))
                    .isInstanceOfSatisfying(
                            IsnsException.class, e -> assertThat(e.status()).isEqualTo(IsnsStatus.text(code)));
        }
    }

    @Test
    void cutAtEveryByte() {
        byte[] whole = message(0, LAST, two());
        for (int end = 0; end < whole.length; end++) {
            answer = Arrays.copyOf(whole, end);
            assertThatThrownBy(() -> ask(LIMIT_MILLIS))
                    .as("after %d bytes", end)
                    .isInstanceOf(IsnsException.class);
        }
    }

    /** Every byte takes the values that mean something; a list of portals that can be stored, or an exception. */
    @Test
    void wrongAtEveryByte() {
        byte[] whole = message(0, LAST, two());
        for (int i = 0; i < whole.length; i++) {
            for (int value : new int[] {0, 1, 0x2f, 0x7f, 0x80, 0xff}) {
                byte[] wrong = whole.clone();
                wrong[i] = (byte) value;
                assertIsBounded(wrong);
            }
        }
    }

    @Test
    void garbage() {
        Random random = new Random(4171);
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(200)];
            random.nextBytes(payload);
            assertIsBounded(i % 2 == 0 ? payload : message(0, LAST, found(payload)));
        }
    }

    private void assertIsBounded(byte[] sent) {
        answer = sent;
        try {
            for (TargetPortal portal : ask(LIMIT_MILLIS)) {
                assertThat(portal.targetName())
                        .doesNotContain("/")
                        .doesNotMatch("\\.\\.?")
                        .hasSizeBetween(1, 223);
                assertThat(portal.port()).isBetween(1, 65535);
                assertThat(portal.portalGroupTag()).isBetween(0, 65535);
            }
        } catch (IsnsException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (Exception e) {
            throw new AssertionError("an answer is no reason for " + e, e);
        }
    }

    @Test
    void anAnswerWithoutAnEndIsNotWaitedFor() {
        staysOpen = true;
        answer = Arrays.copyOf(message(0, LAST, two()), 20);
        assertThatThrownBy(() -> ask(SHORT_MILLIS)).isInstanceOf(IsnsException.class);
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        byte[] part = message(0, NOT_LAST, new byte[65532]);
        ByteBuffer all = ByteBuffer.allocate(part.length * 80);
        for (int i = 0; i < 80; i++) {
            part[11] = (byte) i;
            all.put(part);
        }
        answer = all.array();
        assertThatThrownBy(() -> ask(LIMIT_MILLIS))
                .isInstanceOf(IsnsException.class)
                .hasMessageContaining("longer");
    }

    @Test
    void whoeverIsNotThereIsTold() throws Exception {
        listener.close();
        server.join(); // until then the system may still take connections for it
        assertThatThrownBy(() -> ask(LIMIT_MILLIS))
                .isInstanceOf(IsnsException.class)
                .hasMessageContaining("refused");
        assertThatThrownBy(() -> new IsnsServer("no.such.host.invalid", 1, LIMIT_MILLIS).portals("iqn.x"))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void addressesAreWrittenInTheShortestForm() {
        assertThat(text(0, 0, 0, 0, 0, 0, 0, 1)).isEqualTo("::1");
        assertThat(text(0, 0, 0, 0, 0, 0, 0, 0)).isEqualTo("::");
        assertThat(text(0xfe80, 0, 0, 0, 1, 0, 0, 0)).isEqualTo("fe80::1:0:0:0");
        assertThat(text(1, 0, 2, 0, 3, 0, 4, 0)).isEqualTo("1:0:2:0:3:0:4:0");
        assertThat(text(1, 2, 3, 4, 5, 6, 0, 0)).isEqualTo("1:2:3:4:5:6::");
        assertThat(text(0, 0, 0, 0, 0, 0xffff, 0x0a00, 0xff01)).isEqualTo("10.0.255.1");
    }

    private static String text(int... groups) {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        Arrays.stream(groups).forEach(group -> bytes.putShort((short) group));
        return IpText.of(bytes.flip());
    }
}
