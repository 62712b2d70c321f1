package io.lunbridge.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jscsi.target.Configuration;
import org.jscsi.target.Target;
import org.jscsi.target.TargetServer;
import org.jscsi.target.storage.RandomAccessStorageModule;

/** The program that a test starts as jSCSI's target: one LUN on a file, on a port. It ends by being killed. */
final class JscsiServer extends Configuration {

    static final String IQN = "iqn.2026-11.io.lunbridge:jscsi";

    private static final int BLOCK_BYTES = 512;

    private JscsiServer(int listenPort, Path file) throws IOException {
        super("127.0.0.1");
        port = listenPort;
        allowSloppyNegotiation = false;
        long blocks = Files.size(file) / BLOCK_BYTES;
        targets.add(new Target(IQN, "jSCSI", new RandomAccessStorageModule(blocks, file.toFile())));
    }

    public static void main(String[] arguments) throws Exception {
        new TargetServer(new JscsiServer(Integer.parseInt(arguments[0]), Path.of(arguments[1]))).call();
    }
}
