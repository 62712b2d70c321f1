package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** Some seconds of verified reads and writes on a LUN that is served, ended in order, and checked in the LUN's file. */
final class VerifiedIo {

    static final long SIZE_BYTES = 64L << 20;

    private static final int SECONDS = System.getenv("LUNBRIDGE_LONG") == null ? 2 : 60;
    private static final int BLOCKS = 4096;
    private static final long LIMIT_MILLIS = 60_000;

    private VerifiedIo() {}

    /** On a LUN of {@link #SIZE_BYTES} zeroes. Afterwards it is not served any more. */
    static void on(ServedLun served, Path file) throws IOException {
        try (VersionedLoad load = new VersionedLoad(served.socket(), BLOCKS, System.nanoTime());
                FioLoad fio = new FioLoad(served.uri(), SIZE_BYTES / 2, SIZE_BYTES / 2, SECONDS)) {
            load.start();
            fio.awaitGood();
            load.stop(LIMIT_MILLIS);
            load.readAll(LIMIT_MILLIS);
            String output = served.process().output();
            assertThat(load.failed() + load.failedFlushes()).as(output).isZero();
            assertThat(load.answered()).as(output).isGreaterThan(50);
            assertThat(served.terminate()).as(served.process().output()).isZero();
            load.checkFile(file);
            assertThat(load.wrong()).isEmpty();
        }
    }
}
