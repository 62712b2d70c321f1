package io.lunbridge.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.kernel.NbdDevice;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices have names such as SCSI disks have where that is asked for, and only there. */
@Row("CR-33")
class SdNamesTest {

    private static final String BACKEND = "lunbridge-00000000000000aa";
    private static final NbdDevice NBD1 = new NbdDevice(1);
    private static final DeviceNames NAMES = new DeviceNames(Map.of("ID_PATH", "ip-192.0.2.1:3260-iscsi-iqn.x-lun-1"));

    @TempDir
    private Path root;

    @Test
    void eachDeviceHasOneOfItsOwn() {
        assertThat(SdNames.of("nbd0")).isEqualTo("sdnaa");
        assertThat(SdNames.of("nbd25")).isEqualTo("sdnaz");
        assertThat(SdNames.of("nbd26")).isEqualTo("sdnba");
        assertThat(SdNames.of("nbd675p12")).isEqualTo("sdnzz12");
        assertThat(SdNames.of("nbd676")).isEqualTo("nbd676");
        assertThat(SdNames.areWanted()).isFalse();
    }

    @Test
    void linksComeAndGoWithTheDevice() throws Exception {
        FakeHost host = new FakeHost(root);
        DeviceLinks links = host.linksWithSdNames();
        links.prepare(BACKEND, NAMES);
        host.device("nbd1", BACKEND, 1);
        links.appeared(BACKEND, NBD1);
        assertThat(sdLinks()).isEqualTo(Map.of("sdnab", "nbd1", "sdnab1", "nbd1p1"));

        // Another process of ours, whose environment says nothing of it.
        host.links().settle();
        assertThat(sdLinks()).hasSize(2);

        host.disconnected("nbd1");
        links.gone(BACKEND, NBD1);
        assertThat(sdLinks()).isEmpty();
    }

    @Test
    void whereNobodyAsksThereAreNone() throws Exception {
        FakeHost host = new FakeHost(root);
        host.links().prepare(BACKEND, NAMES);
        host.device("nbd1", BACKEND, 1);
        Files.createSymbolicLink(root.resolve("dev/sdnab"), Path.of("nbd1"));
        host.links().appeared(BACKEND, NBD1);
        assertThat(sdLinks()).as("of a daemon before this one").isEmpty();
    }

    @Test
    void aDiskOfThatNameIsLeftAlone() throws Exception {
        FakeHost host = new FakeHost(root).node("sdnab");
        DeviceLinks links = host.linksWithSdNames();
        links.prepare(BACKEND, NAMES);
        host.device("nbd1", BACKEND, 1);
        links.appeared(BACKEND, NBD1);
        assertThat(root.resolve("dev/sdnab")).isRegularFile();
        assertThat(sdLinks()).containsOnlyKeys("sdnab1");
    }

    private Map<String, String> sdLinks() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String name : BlockDevices.names(root.resolve("dev"))) {
            Path link = root.resolve("dev").resolve(name);
            if (name.startsWith("sdn") && Files.isSymbolicLink(link)) {
                found.put(name, Files.readSymbolicLink(link).toString());
            }
        }
        return found;
    }
}
