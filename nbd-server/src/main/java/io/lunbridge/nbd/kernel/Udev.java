package io.lunbridge.nbd.kernel;

import java.io.IOException;
import java.nio.file.Files;

/** The device manager of the host, where there is one. */
final class Udev {

    private Udev() {}

    /** Waits, a few seconds at most, until it has handled the events so far: links made, partitions known. */
    static void settle(KernelFiles files) throws InterruptedException {
        if (!Files.exists(files.of("run/udev/control"))) {
            return;
        }
        try {
            new ProcessBuilder("udevadm", "settle", "--timeout=5")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // Its socket without its tool: then nobody can tell when it is done.
            return;
        }
    }
}
