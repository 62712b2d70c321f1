package io.lunbridge.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One at a time, for as long as the holder lives and no longer. */
@Timeout(60)
class RecordLockTest {

    @TempDir
    private Path directory;

    /** A process that takes the lock and keeps it until it is killed, or says that it could not. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try {
                RecordLock.in(Path.of(arguments[0])).take(1);
                System.out.println("held");
            } catch (RecordFailure e) {
                System.out.println("busy");
            }
            System.out.flush();
            Thread.currentThread().join();
        }
    }

    private Process hold(String expected) throws Exception {
        Process holder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(holder.inputReader().readLine()).isEqualTo(expected);
        return holder;
    }

    @Test
    @Row({"CR-35", "M-98"})
    void itIsWaitedForButNotForEverAndIsFreeWhenItsHolderIsKilled() throws Exception {
        RecordLock lock = RecordLock.in(directory);
        Process holder = hold("held");
        try {
            assertThatThrownBy(() -> lock.take(1))
                    .isInstanceOf(RecordFailure.class)
                    .hasMessageContaining("Timeout on acquiring lock on DB: " + directory)
                    .extracting(failure -> ((RecordFailure) failure).exitCode())
                    .isEqualTo(6);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        lock.take(1);
        lock.take(1);
        lock.release();
        hold("busy").destroyForcibly().waitFor();
        lock.release();
        hold("held").destroyForcibly().waitFor();
    }

    @Test
    @Row("CR-35")
    void threadsTakeTurns() throws Exception {
        RecordLock lock = RecordLock.in(directory);
        lock.take(1);
        Throwable[] failure = new Throwable[1];
        Thread other = new Thread(() -> {
            try {
                RecordLock.in(directory).take(1);
            } catch (RecordFailure e) {
                failure[0] = e;
            }
        });
        other.start();
        other.join();
        lock.release();
        assertThat(failure[0]).hasMessageContaining("Timeout");
    }

    @Test
    void whatCannotBeLockedIsSaid() throws Exception {
        Path file = directory.resolve("file");
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
        assertThatThrownBy(() -> RecordLock.in(file).take(1))
                .isInstanceOf(RecordFailure.class)
                .hasMessage("Could not open/create lock file: " + file.resolve("lock"));
    }
}
