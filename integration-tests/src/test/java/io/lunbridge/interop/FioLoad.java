package io.lunbridge.interop;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** fio on an export: random writes, each read back and compared by its checksum, until the time is over. */
public final class FioLoad implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(60);

    private final BackgroundProcess fio;
    private final int seconds;

    public FioLoad(String uri, long offsetBytes, long lengthBytes, int seconds) {
        this.seconds = seconds;
        fio = BackgroundProcess.start(
                Map.of(),
                List.of(
                        "fio",
                        "--name=verify",
                        "--ioengine=nbd",
                        "--uri=" + uri,
                        "--offset=" + offsetBytes,
                        "--size=" + lengthBytes,
                        "--rw=randwrite",
                        "--bssplit=4k/80:64k/15:256k/5",
                        "--iodepth=16",
                        "--verify=crc32c",
                        "--verify_fatal=1",
                        "--verify_state_save=0",
                        "--verify_backlog=256",
                        "--time_based",
                        "--runtime=" + seconds));
    }

    /** Waits for its end and requires that nothing was wrong. */
    public void awaitGood() {
        int status = fio.awaitExit(Duration.ofSeconds(seconds).plus(GRACE));
        if (status != 0 || !fio.output().contains("err= 0")) {
            throw new AssertionError("fio ended with status " + status + ":\n" + fio.output());
        }
    }

    @Override
    public void close() {
        fio.close();
    }
}
