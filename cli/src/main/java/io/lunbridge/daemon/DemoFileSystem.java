package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** The demo's file system on a kernel device: made, mounted, written, unmounted, checked, read again. Blocking. */
final class DemoFileSystem {

    private static final int FILE_BYTES = 8 << 20;
    private static final long SEED = 3720;
    private static final long MAX_MILLIS = 20_000;

    private final String device;
    private final byte[] content = new byte[FILE_BYTES];

    DemoFileSystem(String device) {
        this.device = device;
        new Random(SEED).nextBytes(content);
    }

    /** Leaves nothing mounted, however it ends. */
    void roundTrip() throws CommandException, InterruptedException {
        Program.run(MAX_MILLIS, "mkfs.ext4", "-q", "-F", device);
        onMounted(file -> Files.write(file, content));
        Program.run(MAX_MILLIS, "fsck.ext4", "-f", "-n", device);
        onMounted(file -> {
            if (!Arrays.equals(Files.readAllBytes(file), content)) {
                throw new IOException("the file came back changed; this is a bug, please report it");
            }
        });
    }

    /** What is done with the file while the file system is mounted. */
    private interface FileAction {
        void on(Path file) throws IOException;
    }

    private void onMounted(FileAction action) throws CommandException, InterruptedException {
        try {
            Path directory = Files.createTempDirectory("lunbridge-demo-");
            try {
                Program.run(MAX_MILLIS, "mount", device, directory.toString());
                try {
                    action.on(directory.resolve("random"));
                } finally {
                    Program.run(MAX_MILLIS, "umount", directory.toString());
                }
            } finally {
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, "the file system on " + device + ": " + e.getMessage(), e);
        }
    }
}
