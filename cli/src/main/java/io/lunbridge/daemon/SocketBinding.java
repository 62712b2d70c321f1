package io.lunbridge.daemon;

import io.lunbridge.iscsi.session.SocketSetup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a node record wants its connections' sockets: bound to a network device, from an address (the record's iface), of a
 * certain window and type of service. The device is looked for at each connection, as it may come and go.
 *
 * @param device name of a network device; null for any
 * @param hardwareAddress of a network device, as {@code 00:11:22:aa:bb:cc}; goes before {@code device}; null for any
 * @param address to connect from; null for the one that the routes give
 * @param windowBytes of the socket's buffers; 0 leaves them to the kernel, which makes them as large as the path needs
 * @param typeOfService of its IP packets; 0 leaves them as they are
 */
record SocketBinding(
        @Nullable String device,
        @Nullable String hardwareAddress,
        @Nullable InetAddress address,
        int windowBytes,
        int typeOfService)
        implements SocketSetup {

    /** Open-iscsi's default, which nobody has chosen. */
    private static final int DEFAULT_WINDOW_BYTES = 524_288;

    /** In an iface record: not bound. */
    private static final String UNBOUND = "default";

    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;

    /** Of a network device's name, with its end. */
    private static final int NAME_BYTES = 16;

    private static final RawUnixChannelOption BIND_TO_DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, NAME_BYTES);

    static SocketBinding of(NodeSettings node) throws CommandException {
        int window = node.number("node.conn[0].tcp.window_size", DEFAULT_WINDOW_BYTES);
        return new SocketBinding(
                bound(node, "iface.net_ifacename"),
                bound(node, "iface.hwaddress"),
                address(bound(node, "iface.ipaddress")),
                window == DEFAULT_WINDOW_BYTES ? 0 : Math.max(0, window),
                node.number("node.conn[0].tcp.type_of_service", 0));
    }

    private static @Nullable String bound(NodeSettings node, String key) {
        String value = node.value(key);
        return UNBOUND.equals(value) ? null : value;
    }

    private static @Nullable InetAddress address(@Nullable String text) throws CommandException {
        if (text == null) {
            return null;
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        if (address == null) {
            throw NodeSettings.invalid("'" + text + "' is no IP address, as iface.ipaddress must be", null);
        }
        return address;
    }

    @Override
    public @Nullable SocketAddress localAddress() {
        return address == null ? null : new InetSocketAddress(address, 0);
    }

    @Override
    public void prepare(Channel channel) throws IOException {
        String name = hardwareAddress == null ? device : deviceOf(hardwareAddress);
        if (name != null) {
            set(channel, BIND_TO_DEVICE, nameBytes(name), "it is to be bound to the network device " + name);
        }
        if (windowBytes > 0) {
            set(channel, ChannelOption.SO_RCVBUF, windowBytes, "of node.conn[0].tcp.window_size");
            set(channel, ChannelOption.SO_SNDBUF, windowBytes, "of node.conn[0].tcp.window_size");
        }
        if (typeOfService != 0) {
            set(channel, ChannelOption.IP_TOS, typeOfService, "of node.conn[0].tcp.type_of_service");
        }
    }

    private static <T> void set(Channel channel, ChannelOption<T> option, T value, String why) throws IOException {
        try {
            if (!channel.config().setOption(option, value)) {
                throw new IOException("the socket has no " + option + ", but " + why);
            }
        } catch (ChannelException e) {
            throw new IOException(why + ", but: " + e.getMessage(), e);
        }
    }

    private static ByteBuffer nameBytes(String name) throws IOException {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        if (text.length >= NAME_BYTES) {
            throw new IOException("no network device can be called " + name);
        }
        return ByteBuffer.allocateDirect(NAME_BYTES).put(0, text);
    }

    /** The network device with that address. */
    private static String deviceOf(String hardwareAddress) throws IOException {
        String wanted = hardwareAddress.toLowerCase(Locale.ROOT).replace('-', ':');
        HexFormat format = HexFormat.ofDelimiter(":");
        var interfaces = NetworkInterface.getNetworkInterfaces();
        while (interfaces.hasMoreElements()) {
            NetworkInterface each = interfaces.nextElement();
            byte[] address = addressOf(each);
            if (address != null && format.formatHex(address).equals(wanted)) {
                return each.getName();
            }
        }
        throw new IOException("no network device has the hardware address " + hardwareAddress);
    }

    /** A device may go while we look at it. */
    private static byte @Nullable [] addressOf(NetworkInterface device) {
        try {
            return device.getHardwareAddress();
        } catch (SocketException e) {
            return null;
        }
    }
}
