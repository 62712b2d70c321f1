package io.lunbridge.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files from which udev takes the names. */
class NamesFilesTest {

    private static final String BACKEND = "lunbridge-0123456789abcdef";

    @TempDir
    private Path directory;

    @Test
    void aLineForEachPropertyInQuotesOfWhichOnlyTheOutermostCount() throws IOException {
        files().write(BACKEND, new DeviceNames(Map.of("ID_PATH", "ip-a:1-iscsi-iqn.\"x'$y\\-lun-1")));
        assertThat(directory.resolve("names").resolve(BACKEND))
                .content()
                .isEqualTo("LUNBRIDGE_BACKEND=\"" + BACKEND + "\"\nID_PATH=\"ip-a:1-iscsi-iqn.\"x'$y\\-lun-1\"\n");
    }

    @Test
    void noTargetWritesALineOfItsOwn() throws IOException {
        DeviceNames names = new DeviceNames(Map.of("ID_SCSI_SERIAL", "x\nSYSTEMD_WANTS=evil.service\r\0"));
        files().write(BACKEND, names);
        assertThat(Files.readAllLines(directory.resolve("names").resolve(BACKEND)))
                .containsExactly(
                        "LUNBRIDGE_BACKEND=\"" + BACKEND + "\"", "ID_SCSI_SERIAL=\"x_SYSTEMD_WANTS=evil.service__\"");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        DeviceNames names = new DeviceNames(Map.of("ID_PATH", "\"a=\"b\"", "ID_SERIAL", "1é", "ID_WWN", " "));
        files().write(BACKEND, DeviceNames.NONE);
        files().write(BACKEND, names);
        files().write("lunbridge-2", DeviceNames.NONE);
        var unused = Files.writeString(directory.resolve("names/.lunbridge-3"), "half");
        assertThat(files().readAll()).isEqualTo(Map.of(BACKEND, names, "lunbridge-2", DeviceNames.NONE));
        assertThat(names.properties()).doesNotContainKey("ID_WWN");
        files().remove(BACKEND);
        files().remove(BACKEND);
        assertThat(files().readAll()).containsOnlyKeys("lunbridge-2");
    }

    @Test
    void anIdentifierThatIsNoFileNameHasAFileToo() throws IOException {
        DeviceNames names = new DeviceNames(Map.of("ID_SERIAL", "1"));
        files().write("iscsi://a:3260/../iqn.x/1", names);
        files().write("iscsi://a:3260/../iqn.x/2", names);
        assertThat(files().readAll())
                .isEqualTo(Map.of("iscsi://a:3260/../iqn.x/1", names, "iscsi://a:3260/../iqn.x/2", names));
        files().remove("iscsi://a:3260/../iqn.x/1");
        assertThat(files().readAll()).containsOnlyKeys("iscsi://a:3260/../iqn.x/2");
    }

    @Test
    void withoutTheDirectoryThereAreNone() {
        assertThat(files().readAll()).isEmpty();
    }

    private NamesFiles files() {
        return new NamesFiles(directory.resolve("names"));
    }
}
