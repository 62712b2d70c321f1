package io.lunbridge.nbd.kernel;

import io.lunbridge.nbd.export.Export;
import io.lunbridge.nbd.kernel.KernelException.Kind;
import io.lunbridge.nbd.transmission.NbdConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import java.util.concurrent.CompletableFuture;

/** Our end of the socket pair as a served channel. */
record ServedEnd(Channel channel, NbdConnection connection) {

    /**
     * Serves the export on a socket; returns when requests are being read. Not called on the event loop.
     *
     * @param fd now the channel's, on every path
     */
    static ServedEnd open(int fd, Export export) throws KernelException, InterruptedException {
        CompletableFuture<NbdConnection> connection = new CompletableFuture<>();
        EpollDomainSocketChannel channel = new EpollDomainSocketChannel(fd);
        channel.pipeline().addLast(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel registered) {
                try {
                    connection.complete(NbdConnection.transmissionOnly(registered, export));
                } catch (RuntimeException e) {
                    connection.completeExceptionally(e);
                    throw e;
                }
            }
        });
        ChannelFuture registration =
                export.device().eventLoop().register(channel).await();
        if (!registration.isSuccess()) {
            channel.unsafe().closeForcibly();
            throw Kind.UNSUPPORTED.because("this disk's event loop cannot serve a kernel device: "
                    + registration.cause().getMessage());
        }
        return new ServedEnd(channel, connection.join());
    }

    /** Closes the socket at once, whatever is in flight. */
    void drop() {
        ChannelFuture unused = channel.close();
    }
}
