package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.records.Row;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that are bound to an interface, by a daemon in a network namespace, to a target in another with two links. */
@NeedsTools({"tgtd", "tgtadm", "ip", "ss"})
@Tag("once")
@Row("U-7")
final class IfaceBindingTest {

    @TempDir
    private static Path directory;

    private static TwoPaths network;
    private static TgtTarget target;
    private static SessionDaemon daemon;

    @BeforeAll
    static void start() {
        network = new TwoPaths();
        target = TgtTarget.start(network);
        target.addFileLun(1 << 20);
        daemon = new SessionDaemon(directory, network);
    }

    @AfterEach
    void logOut() throws Exception {
        for (Map<String, Object> session : daemon.sessions()) {
            daemon.ask("logout", Map.of("sid", session.get("sid")));
        }
    }

    @AfterAll
    static void end() {
        if (daemon != null) {
            daemon.close();
        }
        if (target != null) {
            target.close();
        }
        if (network != null) {
            network.close();
        }
    }

    private static String seenByTarget() {
        return target.admin("--mode", "target", "--op", "show");
    }

    private static void assertComesFrom(String address, String... iface) throws Exception {
        daemon.logIn(target.record(iface));

        assertThat(daemon.session()).containsEntry("ipaddress", address);
        assertThat(seenByTarget()).contains("IP Address: " + address + "\n");
    }

    @Test
    void theRoutesChooseForASessionThatIsNotBound() throws Exception {
        assertComesFrom(TwoPaths.FIRST_ADDRESS);
        assertThat(network.sockets()).doesNotContain("%");
    }

    @Test
    @Row({"S-62", "S-69", "R-5"})
    void netIfacenameBindsToTheDevice() throws Exception {
        assertComesFrom(
                TwoPaths.SECOND_ADDRESS, "iface.iscsi_ifacename", "two", "iface.net_ifacename", TwoPaths.SECOND);
        assertThat(network.sockets()).contains("%" + TwoPaths.SECOND);
        assertThat(daemon.session()).containsEntry("netdev", TwoPaths.SECOND).containsEntry("ifaceName", "two");
    }

    @Test
    @Row({"S-62", "S-64", "R-5"})
    void hwaddressBindsToTheDeviceThatHasIt() throws Exception {
        String hardwareAddress = network.hardwareAddress(TwoPaths.SECOND);
        assertComesFrom(TwoPaths.SECOND_ADDRESS, "iface.iscsi_ifacename", "two", "iface.hwaddress", hardwareAddress);
        assertThat(daemon.session()).containsEntry("hwaddress", hardwareAddress);
    }

    @Test
    @Row("R-5")
    void ipaddressIsWhereTheConnectionComesFrom() throws Exception {
        assertComesFrom(TwoPaths.OTHER_FIRST_ADDRESS, "iface.ipaddress", TwoPaths.OTHER_FIRST_ADDRESS);
    }

    @Test
    @Row({"S-66", "S-70"})
    void defaultIsNoBinding() throws Exception {
        assertComesFrom(
                TwoPaths.FIRST_ADDRESS,
                "iface.iscsi_ifacename",
                "default",
                "iface.net_ifacename",
                "default",
                "iface.hwaddress",
                "default",
                "iface.ipaddress",
                "default");
    }

    @Test
    @Row("R-5")
    void anIfaceMayHaveAnInitiatorNameOfItsOwn() throws Exception {
        String name = "iqn.2026-11.io.lunbridge:second";
        daemon.logIn(target.record("iface.iscsi_ifacename", "two", "iface.initiatorname", name));

        assertThat(daemon.session()).containsEntry("initiatorName", name);
        assertThat(seenByTarget()).contains("Initiator: " + name);
    }

    @Test
    @Row("U-19")
    void aTargetIsReachedThroughTwoIfacesAtOnce() throws Exception {
        daemon.logIn(target.record("iface.iscsi_ifacename", "one", "iface.net_ifacename", TwoPaths.FIRST));
        daemon.logIn(target.record("iface.iscsi_ifacename", "two", "iface.net_ifacename", TwoPaths.SECOND));

        assertThat(daemon.sessions())
                .extracting(session -> session.get("ipaddress"))
                .containsExactly(TwoPaths.FIRST_ADDRESS, TwoPaths.SECOND_ADDRESS);
        assertThat(target.sessionCount()).isEqualTo(2);
        assertThat(daemon.hasDevice("nbd0") && daemon.hasDevice("nbd1")).isTrue();
    }

    @Test
    void whatIsNotThereIsNotPassedOver() throws Exception {
        assertRefused(8, "no network device", "iface.hwaddress", "02:00:00:00:00:01");
        assertRefused(8, "network device path3", "iface.net_ifacename", "path3");
        assertRefused(8, "cannot be reached", "iface.ipaddress", "10.77.1.200");
        assertRefused(7, "no IP address", "iface.ipaddress", "second");
        assertThat(target.sessionCount()).isZero();
    }

    private static void assertRefused(int number, String text, String... iface) {
        assertThatThrownBy(() -> daemon.logIn(target.record(iface)))
                .isInstanceOfSatisfying(CommandException.class, e -> {
                    assertThat(e.sentence()).contains(text);
                    assertThat(e.iscsiError()).isEqualTo(number);
                });
    }

    @Test
    @Row("R-39")
    void windowSizeIsThatOfTheSocketWhereSomebodyChoseIt() throws Exception {
        daemon.logIn(target.record("node.conn[0].tcp.window_size", "65536"));
        assertThat(network.sockets()).contains("rb131072");
        logOut();

        daemon.logIn(target.record("node.conn[0].tcp.window_size", "524288"));
        assertThat(network.sockets()).as("the kernel chooses").doesNotContain("rb1048576");
    }
}
