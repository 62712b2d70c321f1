package io.lunbridge.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.iscsi.disk.DiskIdentity;
import io.lunbridge.scsi.IdentityBytes;
import io.lunbridge.scsi.Inquiry;
import io.lunbridge.scsi.Lun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** By-path names, and the links of each kind. What the LUN tells is {@link ScsiIdTest}'s. */
class DeviceNamesTest {

    private static final String IQN = "iqn.2026-01.org.example:disk";
    private static final DiskIdentity IDENTITY =
            new DiskIdentity(new Inquiry(0, 0, "ACME", "DISK", "1"), "", List.of(), IdentityBytes.NONE);

    @Test
    void aDiskHasALinkOfEachKindAndEachOfItsPartitionsToo() {
        DeviceNames names = new DeviceNames(
                Map.of("ID_PATH", "ip-a", "ID_SERIAL", "36001", "ID_WWN_WITH_EXTENSION", "0x6001", "ID_MODEL", "x"));
        assertThat(names.links())
                .containsExactly("disk/by-path/ip-a", "disk/by-id/scsi-36001", "disk/by-id/wwn-0x6001");
        assertThat(names.links(12))
                .containsExactly(
                        "disk/by-path/ip-a-part12", "disk/by-id/scsi-36001-part12", "disk/by-id/wwn-0x6001-part12");
        assertThat(DeviceNames.NONE.links()).isEmpty();
    }

    @Test
    void thePathIsThePortalTheTargetAndTheLun() {
        assertThat(path("192.0.2.1", IQN, Lun.ofNumber(1))).isEqualTo("ip-192.0.2.1:3260-iscsi-" + IQN + "-lun-1");
        assertThat(path("disks.example", IQN, Lun.ofNumber(0))).startsWith("ip-disks.example:3260-iscsi-");
        assertThat(path("2001:db8::1", IQN, Lun.ofNumber(0))).startsWith("ip-2001:db8::1:3260-iscsi-");
    }

    @Test
    void aPartOfALunHasNoNames() {
        LunUrl url = LunUrl.parse("iscsi://[2001:db8::1]/" + IQN + "/1");
        assertThat(DeviceNames.of(DiskRequest.whole(url, true), IDENTITY).links())
                .containsExactly("disk/by-path/ip-2001:db8::1:3260-iscsi-" + IQN + "-lun-1");
        assertThat(DeviceNames.of(new DiskRequest(url, false, 512, null), IDENTITY))
                .isEqualTo(DeviceNames.NONE);
        assertThat(DeviceNames.of(new DiskRequest(url, false, 0, 512L), IDENTITY))
                .isEqualTo(DeviceNames.NONE);
    }

    @Test
    void aLunBeyondTheFirst256IsWrittenInDigits() {
        assertThat(path("a", IQN, Lun.ofNumber(255))).endsWith("-lun-255");
        assertThat(path("a", IQN, Lun.ofNumber(256))).endsWith("-lun-0x4100000000000000");
        assertThat(path("a", IQN, new Lun(0x0001_0002_0000_0000L))).endsWith("-lun-0x0001000200000000");
    }

    @Test
    void propertiesStayAsTheyAreAndLinksAreCleaned() {
        String target = "iqn.2026-01.org.example:a$b\"c*d";
        DeviceNames names = names("a", target, Lun.ofNumber(1));
        assertThat(names.properties())
                .containsEntry("ID_PATH", "ip-a:3260-iscsi-" + target + "-lun-1")
                .containsEntry("ID_PATH_TAG", "ip-a_3260-iscsi-iqn_2026-01_org_example_a_b_c_d-lun-1")
                .containsEntry("ID_BUS", "scsi");
        assertThat(names.links()).contains("disk/by-path/ip-a:3260-iscsi-iqn.2026-01.org.example:a_b_c_d-lun-1");
    }

    @Test
    void noNameLeadsOutOfItsDirectory() {
        DeviceNames names = new DeviceNames(Map.of("ID_PATH", "../../sda", "ID_SERIAL", "/../../../etc/x"));
        assertThat(names.links()).containsExactly("disk/by-path/.._.._sda", "disk/by-id/scsi-_.._.._.._etc_x");
    }

    @Test
    void aNameThatIsTooLongForAFileIsNoLink() {
        String longest = "iqn." + "x".repeat(219);
        String path = "ip-2001:db8:1111:2222:3333:4444:5555:6666:3260-iscsi-" + longest + "-lun-1";
        assertThat(path).hasSizeGreaterThan(255);
        assertThat(new DeviceNames(Map.of("ID_PATH", path, "ID_SERIAL", "1x")).links())
                .isEqualTo(List.of("disk/by-id/scsi-1x"));
    }

    private static String path(String host, String target, Lun lun) {
        return String.valueOf(names(host, target, lun).properties().get("ID_PATH"));
    }

    private static DeviceNames names(String host, String target, Lun lun) {
        return DeviceNames.of(IDENTITY, host, 3260, target, lun);
    }
}
