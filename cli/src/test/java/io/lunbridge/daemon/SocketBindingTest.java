package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lunbridge.records.Row;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SocketBindingTest {

    private static SocketBinding binding(String key, String value) throws CommandException {
        return SocketBinding.of(new NodeSettings(1, Map.of(key, value)));
    }

    @Test
    @Row("R-40")
    void typeOfServiceIsThatOfTheSocket() throws Exception {
        NioSocketChannel channel = new NioSocketChannel();
        try {
            binding("node.conn[0].tcp.type_of_service", "8").prepare(channel);
            assertThat(channel.config().getOption(ChannelOption.IP_TOS)).isEqualTo(8);
        } finally {
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void theDefaultWindowIsLeftToTheKernel() throws Exception {
        assertThat(binding("node.conn[0].tcp.window_size", "524288").windowBytes())
                .isZero();
        assertThat(binding("node.conn[0].tcp.window_size", "65536").windowBytes())
                .isEqualTo(65536);
    }

    @Test
    void aSocketThatCannotBeBoundIsNotTaken() throws Exception {
        SocketBinding binding = binding("iface.net_ifacename", "no-such-device");
        NioSocketChannel plain = new NioSocketChannel();
        try {
            assertThatThrownBy(() -> binding.prepare(plain)).isInstanceOf(IOException.class);
        } finally {
            plain.unsafe().closeForcibly();
        }
        assumeTrue(Epoll.isAvailable());
        EpollSocketChannel channel = new EpollSocketChannel();
        try {
            assertThatThrownBy(() -> binding.prepare(channel))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("network device no-such-device");
        } finally {
            channel.unsafe().closeForcibly();
        }
    }
}
