package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.nbd.export.ExportCatalog;
import io.lunbridge.nbd.handshake.NbdServer;
import io.lunbridge.nbd.handshake.ServerTransport;
import io.lunbridge.nbd.kernel.AttachRequest;
import io.lunbridge.nbd.kernel.AttachedDevice;
import io.lunbridge.nbd.kernel.KernelAttachment.End;
import io.lunbridge.nbd.kernel.KernelDevices.Detached;
import io.lunbridge.nbd.kernel.NbdDevice;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Devices that are Unix sockets for NBD clients, in a directory that outlives the process as the kernel does: {@code nbdN}
 * holds the backend identifier of device N, {@code nbdN.socket} is where it is served, and {@code nbdN.mounted} says that
 * it is in use, {@code nbdN.shrunk} that it is larger than its disk.
 */
final class SocketKernel implements KernelSide {

    private static final int MAX_DEVICES = 16;

    private final Path directory;
    private final Map<NbdDevice, SocketLink> links = new ConcurrentHashMap<>();

    SocketKernel(Path directory) {
        this.directory = directory;
    }

    @Override
    public Link attach(AttachRequest request) throws CommandException {
        for (int index = 0; index < MAX_DEVICES; index++) {
            NbdDevice device = new NbdDevice(index);
            boolean asked = request.device() == null || request.device().equals(device);
            if (asked && create(device, request.backendIdentifier())) {
                return serve(device, request);
            }
        }
        throw new CommandException(ExitCode.BUSY, "no device is free");
    }

    private boolean create(NbdDevice device, String backend) {
        try {
            Path unfinished = Files.writeString(directory.resolve(device.name() + ".new"), backend);
            Files.createLink(file(device), unfinished);
            Files.delete(unfinished);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Link reattach(NbdDevice device, AttachRequest request) throws CommandException {
        if (!device.equals(find(request.backendIdentifier()))) {
            throw new CommandException(ExitCode.BUSY, device + " is another disk's");
        }
        return serve(device, request);
    }

    private Link serve(NbdDevice device, AttachRequest request) {
        ServerTransport transport = new ServerTransport(
                request.export().device().eventLoop(),
                EpollServerDomainSocketChannel::new,
                path -> new DomainSocketAddress(path.toString()),
                EpollServerSocketChannel::new);
        NbdServer server = new NbdServer(transport, new ExportCatalog(request.export()));
        try {
            server.listenUnix(directory.resolve(device.name() + ".socket"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SocketLink link =
                new SocketLink(directory.resolve(device.name() + ".shrunk"), device, server, new CompletableFuture<>());
        links.put(device, link);
        return link;
    }

    @Override
    public @Nullable NbdDevice find(String backendIdentifier) {
        return list().stream()
                .filter(each -> backendIdentifier.equals(each.backendIdentifier()))
                .map(AttachedDevice::device)
                .findFirst()
                .orElse(null);
    }

    @Override
    public Detached detach(NbdDevice device, boolean force) throws CommandException {
        if (!force && Files.exists(directory.resolve(device.name() + ".mounted"))) {
            throw new CommandException(ExitCode.BUSY, device + " is mounted");
        }
        try {
            Files.deleteIfExists(file(device));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SocketLink link = links.remove(device);
        if (link != null) {
            link.server.close(0).awaitUninterruptibly(1000);
            link.ended.complete(End.DETACHED);
        }
        return Detached.FREE;
    }

    @Override
    public List<String> uses(NbdDevice device) {
        return Files.exists(directory.resolve(device.name() + ".mounted")) ? List.of("is mounted") : List.of();
    }

    @Override
    public List<AttachedDevice> list() {
        List<AttachedDevice> devices = new ArrayList<>();
        for (int index = 0; index < MAX_DEVICES; index++) {
            NbdDevice device = new NbdDevice(index);
            if (Files.exists(file(device))) {
                try {
                    devices.add(new AttachedDevice(device, 0, false, Files.readString(file(device))));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return devices;
    }

    private Path file(NbdDevice device) {
        return directory.resolve(device.name());
    }

    private record SocketLink(Path shrunk, NbdDevice device, NbdServer server, CompletableFuture<End> ended)
            implements Link {

        @Override
        public boolean isShrunk() {
            return Files.exists(shrunk);
        }

        @Override
        public CompletableFuture<?> release(long limitMillis) {
            CompletableFuture<Boolean> released = new CompletableFuture<>();
            server.close(limitMillis).addListener(closed -> {
                if (closed.isSuccess()) {
                    released.complete(true);
                } else {
                    released.completeExceptionally(closed.cause());
                }
            });
            return released;
        }
    }
}
