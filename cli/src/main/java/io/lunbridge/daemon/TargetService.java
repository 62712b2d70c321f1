package io.lunbridge.daemon;

import io.lunbridge.iscsi.target.RamTarget;
import io.lunbridge.iscsi.target.RamTargetOptions;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The embedded target with one RAM disk, LUN 0. */
public final class TargetService implements AutoCloseable {

    private static final int BLOCK_BYTES = 512;
    private static final long MAX_CLOSE_MILLIS = 2000;

    private final RamTarget target;
    private final String url;

    private TargetService(RamTarget target, String url) {
        this.target = target;
        this.url = url;
    }

    /**
     * Listens. Blocking.
     *
     * @param address port 0 for any free one
     * @param name the target's iSCSI name
     * @param sizeBytes of the disk, whose memory is taken as it is written
     */
    public static TargetService start(Transport transport, HostPort address, String name, long sizeBytes)
            throws CommandException {
        checkSize(sizeBytes);
        InetSocketAddress resolved = address.resolve();
        if (resolved.isUnresolved()) {
            throw new CommandException(
                    ExitCode.FAILURE, "the name '" + address.host() + "' of --listen is unknown; use an address");
        }
        try {
            RamTarget target = RamTarget.start(
                    transport.group(), transport.tcpServer(), resolved, RamTargetOptions.oneDisk(name, sizeBytes));
            HostPort bound = new HostPort(address.host(), target.address().getPort());
            return new TargetService(target, new LunUrl(null, null, bound, name, 0).toString());
        } catch (IOException e) {
            throw ListenFailures.of(address.toString(), e);
        }
    }

    private static void checkSize(long sizeBytes) throws CommandException {
        if (sizeBytes <= 0 || sizeBytes % BLOCK_BYTES != 0) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "a disk of " + sizeBytes + " bytes is impossible; choose a multiple of " + BLOCK_BYTES);
        }
        long most = Runtime.getRuntime().maxMemory() / 4 * 3;
        if (sizeBytes > most) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "a disk of " + ByteSize.describe(sizeBytes) + " does not fit into this process's memory, which has"
                            + " room for " + ByteSize.describe(most) + "; choose a smaller one");
        }
    }

    /** The URL of the disk. */
    public String url() {
        return url;
    }

    /** Closes every connection. Bounded. */
    @Override
    public void close() {
        target.close().awaitUninterruptibly(MAX_CLOSE_MILLIS);
    }
}
