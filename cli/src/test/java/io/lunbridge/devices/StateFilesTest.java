package io.lunbridge.devices;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.block.Feature;
import io.lunbridge.block.Geometry;
import io.lunbridge.daemon.SessionIdentity;
import io.lunbridge.devices.DeviceState.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one process writes of its devices, the next one reads; and what is damaged harms nobody. */
final class StateFilesTest {

    private static final String ID = "0123456789abcdef";
    private static final Served SERVED = new Served(
            new SessionIdentity("iqn.i:i", 0x80ffff_ffffffL, 3),
            "V|P|serial|3:6001",
            new Geometry(1L << 42, 512, 4096, 32 << 20, Set.of(Feature.WRITE, Feature.FLUSH)));

    @TempDir
    private Path directory;

    private Path states;
    private StateFiles files;
    private DeviceState state;

    @BeforeEach
    void makeFiles() throws Exception {
        states = directory.resolve("run/devices");
        files = new StateFiles(states);
        AttachSpec spec =
                AttachSpec.fromMap(Map.of("url", "iscsi://h/iqn.t:t/1", "chap-user", "joe", "chap-secret-hex", "00ff"));
        state = new DeviceState(ID, Phase.ATTACHING, spec, null, null);
    }

    @Test
    void eachPhaseIsReadAsItWasWritten() throws Exception {
        for (DeviceState each : List.of(
                state,
                state.with(SERVED),
                state.with(SERVED).attachedAs("/dev/nbd7"),
                state.with(SERVED).attachedAs("/dev/nbd7").with(Phase.DETACHING))) {
            files.write(each);

            List<DeviceState> read = new StateFiles(states).read();

            assertThat(read).hasSize(1);
            assertThat(read.get(0).toMap()).isEqualTo(each.toMap());
            assertThat(read.get(0).served()).isEqualTo(each.served());
        }
        files.delete(ID);
        files.delete(ID);
        assertThat(files.read()).isEmpty();
    }

    @Test
    void onlyTheOwnerMayReadThem() throws Exception {
        files.write(state);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(states)))
                .isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "null",
                "{\"version\":1}",
                "{\"version\":2,\"id\":\"0123456789abcdef\",\"phase\":\"ATTACHED\",\"spec\":{\"url\":\"iscsi://h/iqn.a:b/1\"}}",
                "{\"version\":1,\"id\":\"0123456789abcdef\",\"phase\":\"FLYING\",\"spec\":{\"url\":\"iscsi://h/iqn.a:b/1\"}}",
                "{\"version\":1,\"id\":\"fedcba9876543210\",\"phase\":\"ATTACHED\",\"spec\":{\"url\":\"iscsi://h/iqn.a:b/1\"}}",
                "{\"version\":1,\"id\":\"0123456789abcdef\",\"phase\":\"ATTACHED\",\"spec\":{\"url\":\"http://h\"}}",
                "{\"version\":1,\"id\":\"0123456789abcdef\",\"phase\":\"ATTACHED\",\"unit\":\"x\","
                        + "\"spec\":{\"url\":\"iscsi://h/iqn.a:b/1\"}}"
            })
    void whatIsDamagedIsPutAside(String content) throws Exception {
        Files.writeString(file(), content);

        assertThat(files.read()).isEmpty();
        assertThat(states.resolve(ID + ".json.damaged")).hasContent(content);
        assertThat(files.read()).isEmpty();
    }

    @Test
    void aFileThatIsCutAnywhereIsDamaged() throws Exception {
        files.write(state.with(SERVED).attachedAs("/dev/nbd7"));
        String whole = Files.readString(file());
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file(), whole.substring(0, length));
            assertThat(files.read()).as(whole.substring(0, length)).isEmpty();
        }
    }

    @Test
    void anUnfinishedFileChangesNothing() throws Exception {
        files.write(state);
        Files.writeString(states.resolve(ID + ".json.new"), "{");

        assertThat(files.read()).hasSize(1);
        assertThat(states.resolve(ID + ".json.new")).doesNotExist();
    }

    @Test
    void anInterruptLeavesAWholeFile() throws Exception {
        Thread.currentThread().interrupt();
        files.write(state.with(SERVED));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(files.read()).hasSize(1);
    }

    @Test
    void whatALaterVersionAddedIsPassedOver() throws IOException {
        files.write(state.with(SERVED));
        String later = Files.readString(file())
                .replaceFirst("\\{", "{\"colour\":[1,{}],")
                .replaceFirst("\"FLUSH\"", "\"FLUSH\",\"TELEPORT\"");
        Files.writeString(file(), later);

        assertThat(later).contains("TELEPORT");
        assertThat(files.read()).extracting(DeviceState::served).containsExactly(SERVED);
    }

    private Path file() {
        return states.resolve(ID + ".json");
    }
}
