package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IsidStoreTest {

    private static final HostPort PORTAL = new HostPort("192.0.2.1", 3260);

    @TempDir
    private Path directory;

    @Test
    void theSameSessionGetsTheSameIsidAgain() {
        long first;
        try (IsidStore.Lease lease = lease("iqn.t:a")) {
            first = lease.isid();
        }
        try (IsidStore.Lease again = lease("iqn.t:a");
                IsidStore.Lease other = lease("iqn.t:b")) {
            assertThat(again.isid()).isEqualTo(first);
            assertThat(other.isid()).isNotEqualTo(first);
        }
    }

    @Test
    void twoSessionsAtATimeNeverHaveTheSame() {
        Set<Long> isids = new HashSet<>();
        IsidStore.Lease second = lease("iqn.t:a");
        try (IsidStore.Lease first = lease("iqn.t:a");
                IsidStore.Lease third = lease("iqn.t:a")) {
            isids.addAll(List.of(first.isid(), second.isid(), third.isid()));
            assertThat(isids).hasSize(3);
            second.close();
            try (IsidStore.Lease reused = lease("iqn.t:a")) {
                assertThat(reused.isid()).isEqualTo(second.isid());
            }
        }
    }

    @Test
    void aSessionThatIsTakenUpAgainIsTheOneItWas() throws IOException {
        IsidStore store = new IsidStore(directory.resolve("isid"));
        String session = IsidStore.session("iqn.i:i", "iqn.t:a", PORTAL);
        IsidStore.Lease first = lease("iqn.t:a");
        IsidStore.Lease second = lease("iqn.t:a");
        first.close();
        second.close();
        Files.delete(directory.resolve("isid").resolve(files().get(0).getFileName()));

        IsidStore.Lease again = Objects.requireNonNull(store.again(session, second.number(), second.isid()));

        assertThat(again.isid()).isEqualTo(second.isid());
        assertThat(again.number()).isEqualTo(second.number());
        assertThat(store.again(session, second.number(), second.isid()))
                .as("while it is held")
                .isNull();
        again.close();
        try (IsidStore.Lease other =
                Objects.requireNonNull(store.again(session, second.number(), 0x80_0000_0001L << 4))) {
            assertThat(other.isid()).as("what the file says does not count").isEqualTo(0x80_0000_0001L << 4);
        }
        try (IsidStore.Lease unkept =
                Objects.requireNonNull(store.again(session, SessionIdentity.UNKEPT, second.isid()))) {
            assertThat(unkept.isid()).isEqualTo(second.isid());
        }
    }

    @Test
    void anIsidIsOfTheRandomFormat() {
        Set<Long> isids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            long isid = IsidStore.random();
            assertThat(isid >>> 40).isEqualTo(0x80);
            isids.add(isid);
        }
        assertThat(isids).as("more than 8 bits of variation").hasSize(1000);
    }

    @Test
    void whatIsDamagedIsReplaced() throws IOException {
        try (IsidStore.Lease lease = lease("iqn.t:a")) {
            assertThat(lease.isid()).isPositive();
        }
        for (Path file : files()) {
            Files.writeString(file, "80");
        }
        long second;
        try (IsidStore.Lease lease = lease("iqn.t:a")) {
            second = lease.isid();
            assertThat(second >>> 40).isEqualTo(0x80);
        }
        try (IsidStore.Lease lease = lease("iqn.t:a")) {
            assertThat(lease.isid()).isEqualTo(second);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenGivesARandomOne() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        IsidStore store = new IsidStore(file.resolve("isid"));
        try (IsidStore.Lease first = store.lease("iqn.i:i", "iqn.t:a", PORTAL);
                IsidStore.Lease second = store.lease("iqn.i:i", "iqn.t:a", PORTAL)) {
            assertThat(first.isid()).isNotEqualTo(second.isid());
        }
    }

    @Test
    void aProcessThatIsKilledGivesItsIsidBack() throws Exception {
        Process holder = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        directory.resolve("isid").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            long theirs = Long.parseLong(holder.inputReader().readLine());
            try (IsidStore.Lease lease = lease("iqn.t:a")) {
                assertThat(lease.isid()).as("while it lives").isNotEqualTo(theirs);
            }
            assertThat(holder.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
            try (IsidStore.Lease lease = lease("iqn.t:a")) {
                assertThat(lease.isid()).isEqualTo(theirs);
            }
        } finally {
            holder.destroyForcibly();
        }
    }

    /** Takes an ISID, tells it, and waits to be killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            IsidStore.Lease lease = new IsidStore(Path.of(arguments[0])).lease("iqn.i:i", "iqn.t:a", PORTAL);
            System.out.println(lease.isid());
            var unused = System.in.read();
            lease.close();
        }
    }

    private IsidStore.Lease lease(String target) {
        return new IsidStore(directory.resolve("isid")).lease("iqn.i:i", target, PORTAL);
    }

    private List<Path> files() throws IOException {
        try (var all = Files.list(directory.resolve("isid"))) {
            return all.filter(file -> !file.toString().endsWith(".lock")).toList();
        }
    }
}
