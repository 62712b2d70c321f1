package io.lunbridge.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.nbd.kernel.NbdDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links there when an attach returns, gone when a detach returns, and never anybody else's. */
class DeviceLinksTest {

    private static final String A = "lunbridge-00000000000000aa";
    private static final String B = "lunbridge-00000000000000bb";
    private static final String PATH_A = "disk/by-path/ip-192.0.2.1:3260-iscsi-iqn.x-lun-1";
    private static final String PATH_B = "disk/by-path/ip-192.0.2.2:3260-iscsi-iqn.x-lun-1";
    private static final String ID = "disk/by-id/scsi-36001";
    private static final NbdDevice NBD0 = new NbdDevice(0);
    private static final NbdDevice NBD1 = new NbdDevice(1);

    @TempDir
    private Path root;

    private FakeHost host = new FakeHost(Path.of("."));

    @BeforeEach
    void makeHost() {
        host = new FakeHost(root);
    }

    @Test
    void aDeviceAndItsPartitionsHaveLinksUntilItIsGone() throws Exception {
        DeviceLinks links = host.links();
        links.prepare(A, names(PATH_A));
        host.device("nbd0", A, 2);
        links.appeared(A, NBD0);
        assertThat(host.allLinks())
                .isEqualTo(Map.of(
                        PATH_A,
                        "../../nbd0",
                        PATH_A + "-part1",
                        "../../nbd0p1",
                        PATH_A + "-part2",
                        "../../nbd0p2",
                        ID,
                        "../../nbd0",
                        ID + "-part1",
                        "../../nbd0p1",
                        ID + "-part2",
                        "../../nbd0p2"));
        host.disconnected("nbd0");
        links.gone(A, NBD0);
        assertThat(host.allLinks()).isEmpty();
        assertThat(host.exists("run/lunbridge/names/" + A)).isFalse();
    }

    @Test
    void partitionsComeAndGoWithTheTable() throws Exception {
        DeviceLinks links = attached(A, PATH_A, "nbd0", 1);
        host.device("nbd0", A, 2).delete("sys/block/nbd0/nbd0p1/partition");
        links.settle();
        assertThat(host.allLinks()).containsOnlyKeys(PATH_A, PATH_A + "-part2", ID, ID + "-part2");
    }

    @Test
    void aNameOfTwoDevicesStaysWithTheFirstAndGoesToTheOtherWithIt() throws Exception {
        DeviceLinks links = attached(B, PATH_B, "nbd1", 0);
        links.prepare(A, names(PATH_A));
        host.device("nbd0", A, 0);
        links.appeared(A, NBD0);
        assertThat(host.allLinks()).isEqualTo(Map.of(PATH_A, "../../nbd0", PATH_B, "../../nbd1", ID, "../../nbd1"));
        host.disconnected("nbd1");
        links.gone(B, NBD1);
        assertThat(host.allLinks()).isEqualTo(Map.of(PATH_A, "../../nbd0", ID, "../../nbd0"));
    }

    @Test
    void aNameThatNoneOfTwoHasGoesToTheLowerNumber() throws Exception {
        DeviceLinks links = host.links();
        links.prepare(A, names(PATH_A));
        links.prepare(B, names(PATH_B));
        host.device("nbd10", A, 0).device("nbd2", B, 0).device("nbd3", A, 0);
        links.settle();
        assertThat(host.allLinks()).containsEntry(ID, "../../nbd2").containsEntry(PATH_A, "../../nbd3");
    }

    @Test
    void theLinkOfAnotherDiskStaysAndSoDoesAFile() throws Exception {
        host.node("sda").link(ID, "../../sda").file("dev/" + PATH_A, "a file");
        DeviceLinks links = attached(A, PATH_A, "nbd0", 1);
        assertThat(host.allLinks())
                .isEqualTo(Map.of(
                        PATH_A,
                        "no link",
                        PATH_A + "-part1",
                        "../../nbd0p1",
                        ID,
                        "../../sda",
                        ID + "-part1",
                        "../../nbd0p1"));
        host.disconnected("nbd0");
        links.gone(A, NBD0);
        assertThat(host.allLinks()).isEqualTo(Map.of(PATH_A, "no link", ID, "../../sda"));
    }

    @Test
    void aLinkToADiskThatIsGoneIsTakenOver() throws Exception {
        host.link(ID, "../../sda");
        attached(A, PATH_A, "nbd0", 0);
        assertThat(host.allLinks()).isEqualTo(Map.of(PATH_A, "../../nbd0", ID, "../../nbd0"));
    }

    @Test
    void whatAKilledProcessLeftIsRemovedUnlessItIsTakenUpAgain() throws Exception {
        attached(A, PATH_A, "nbd0", 1);
        attached(B, PATH_B, "nbd1", 0);
        host.disconnected("nbd0").disconnected("nbd1");
        host.links().reconcile(Set.of(B));
        assertThat(host.allLinks()).isEmpty();
        assertThat(host.exists("run/lunbridge/names/" + A)).isFalse();
        assertThat(host.exists("run/lunbridge/names/" + B)).isTrue();
    }

    @Test
    void aDeviceThatOutlivedItsProcessKeepsItsLinks() throws Exception {
        attached(A, PATH_A, "nbd0", 0);
        host.links().reconcile(Set.of());
        assertThat(host.allLinks()).containsOnlyKeys(PATH_A, ID);
        assertThat(host.exists("run/lunbridge/names/" + A)).isTrue();
    }

    @Test
    void aDeviceNumberThatAnotherUsesNowHasNoneOfTheOldNames() throws Exception {
        attached(A, PATH_A, "nbd0", 0);
        host.disconnected("nbd0").device("nbd0", "iscsi://192.0.2.9/iqn.y/1", 0);
        host.links().reconcile(Set.of());
        assertThat(host.allLinks()).isEmpty();
    }

    @Test
    void theDevicesOfAnotherLunbridgeAreItsOwn() throws Exception {
        host.device("nbd5", "lunbridge-elsewhere", 1)
                .link("disk/by-id/scsi-other", "../../nbd5")
                .link("disk/by-id/scsi-other-part1", "../../nbd5p1")
                .link("disk/by-id/virtio-nbd", "../../nbd0");
        DeviceLinks links = attached(A, PATH_A, "nbd0", 0);
        host.disconnected("nbd0");
        links.gone(A, NBD0);
        assertThat(host.allLinks())
                .containsOnlyKeys("disk/by-id/scsi-other", "disk/by-id/scsi-other-part1", "disk/by-id/virtio-nbd");
    }

    @Test
    void aDeviceThatSomebodyHoldsOpenAfterItsDetachHasNoLinks() throws Exception {
        DeviceLinks links = attached(A, PATH_A, "nbd0", 0);
        links.gone(A, NBD0);
        assertThat(host.allLinks()).isEmpty();
    }

    @Test
    void waitsUntilUdevHasTheNamesAndUntilItHasThemNot() throws Exception {
        host.withUdev(true);
        DeviceLinks links = attached(A, PATH_A, "nbd0", 1);
        assertThat(host.passedMillis()).isBetween(1L, 100L);
        host.disconnected("nbd0");
        links.gone(A, NBD0);
        assertThat(host.announced("nbd0")).isFalse();
        assertThat(host.allLinks()).isEmpty();
    }

    @Test
    void aDeviceThatUdevHasNamedIsLeftAlone() throws Exception {
        host.withUdev(true);
        attached(A, PATH_A, "nbd0", 1).appeared(A, NBD0);
        assertThat(host.announced("nbd0")).isFalse();
        host.device("nbd0", A, 2);
        host.links().appeared(A, NBD0);
        assertThat(host.allLinks()).containsKey(PATH_A + "-part2");
    }

    @Test
    void doesWithoutAUdevThatDoesNothing() throws Exception {
        host.withUdev(false);
        DeviceLinks links = attached(A, PATH_A, "nbd0", 0);
        assertThat(host.passedMillis()).isEqualTo(Udev.MAX_MILLIS);
        assertThat(host.allLinks()).containsOnlyKeys(PATH_A, ID);
        host.disconnected("nbd0");
        links.gone(A, NBD0);
        assertThat(host.allLinks()).isEmpty();
    }

    @Test
    void anIdentifierThatTellsTheLunMayBeOfTwoDevicesAndIsNotUdevs() throws Exception {
        host.withUdev(false);
        String url = "iscsi://192.0.2.1:3260/iqn.x/1";
        attached(url, PATH_A, "nbd0", 0);
        DeviceLinks links = attached(url, PATH_A, "nbd1", 0);
        assertThat(host.passedMillis()).isZero();
        assertThat(host.allLinks()).isEqualTo(Map.of(PATH_A, "../../nbd0", ID, "../../nbd0"));
        host.disconnected("nbd0");
        links.gone(url, NBD0);
        assertThat(host.allLinks()).isEqualTo(Map.of(PATH_A, "../../nbd1", ID, "../../nbd1"));
        host.disconnected("nbd1");
        links.gone(url, NBD1);
        assertThat(host.allLinks()).isEmpty();
    }

    @Test
    void doesNotWaitForAUdevThatHasNotOurRules() throws Exception {
        host.withUdev(false).delete("lib/udev/rules.d/60-lunbridge.rules");
        attached(A, PATH_A, "nbd0", 0);
        assertThat(host.passedMillis()).isZero();
        assertThat(host.allLinks()).containsOnlyKeys(PATH_A, ID);
    }

    private DeviceLinks attached(String backend, String path, String device, int partitions)
            throws IOException, InterruptedException {
        DeviceLinks links = host.links();
        links.prepare(backend, names(path));
        host.device(device, backend, partitions);
        links.appeared(backend, new NbdDevice(Integer.parseInt(device.substring(3))));
        return links;
    }

    private static DeviceNames names(String path) {
        return new DeviceNames(Map.of("ID_PATH", path.substring(path.lastIndexOf('/') + 1), "ID_SERIAL", "36001"));
    }
}
