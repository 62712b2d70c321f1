package io.lunbridge.iscsi.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    private final TextInput input = new TextInput();

    @Test
    void pairsMaySpanSegments() throws NegotiationException {
        add("A=1\0Bcd=x=");
        assertThat(input.isEmpty()).isFalse();
        add("y\0\0E=\0");
        assertThat(input.pairs())
                .containsExactly(new KeyValue("A", "1"), new KeyValue("Bcd", "x=y"), new KeyValue("E", ""));
        assertThat(input.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A=1", "A\0", "=1\0", "a=1\0", "A b=1\0"})
    void malformedTextIsRefused(String text) {
        assertRefused(text);
    }

    @Test
    void keysAndValuesAndTextAreBounded() throws NegotiationException {
        String longest = "K".repeat(TextInput.MAX_KEY_CHARACTERS);
        add(longest + "=" + "v".repeat(TextInput.MAX_VALUE_BYTES) + "\0");
        assertThat(input.pairs()).hasSize(1);
        assertRefused(longest + "K=v\0");
        assertRefused("A=" + "v".repeat(TextInput.MAX_VALUE_BYTES + 1) + "\0");
        input.add(Unpooled.wrappedBuffer(new byte[TextInput.MAX_BYTES]));
        assertRefused("x");
    }

    @Test
    void outputIsCutWhereThePeerWantsIt() {
        TextOutput output = new TextOutput();
        output.add(List.of(new KeyValue("Ab", "12"), new KeyValue("C", "3")));
        assertThat(text(output.take(4))).isEqualTo("Ab=1");
        assertThat(output.isEmpty()).isFalse();
        output.add(List.of(new KeyValue("D", "4")));
        assertThat(text(output.take(100))).isEqualTo("2\0C=3\0D=4\0");
        assertThat(output.isEmpty()).isTrue();
        assertThat(output.take(10).readableBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "10.0.0.1:5003,1 10.0.0.1 5003 1",
                "[1080:0:0:0:8:800:200C:417A],65 1080:0:0:0:8:800:200C:417A 3260 65",
                "[1080::8:800:200C:417A]:5003,1 1080::8:800:200C:417A 5003 1",
                "computingcenter.example.com,23 computingcenter.example.com 3260 23",
                "fe80::1,2 fe80::1 3260 2",
                "host host 3260 -1"
            })
    void addressesOfTheStandard(String text, String host, int port, int tag) throws NegotiationException {
        TargetAddress address = TargetAddress.parse(text);
        assertThat(address).isEqualTo(new TargetAddress(host, port, tag));
        assertThat(TargetAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":3260", "[::1", "[]:1", "[::1]3260", "host:0", "host:65536", "host:x", "host,65536"})
    void malformedAddressesAreRefused(String text) {
        assertThatThrownBy(() -> TargetAddress.parse(text)).isInstanceOf(NegotiationException.class);
    }

    private void assertRefused(String text) {
        assertThatThrownBy(() -> {
                    add(text);
                    input.pairs();
                })
                .isInstanceOf(NegotiationException.class);
    }

    private void add(String text) throws NegotiationException {
        input.add(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
