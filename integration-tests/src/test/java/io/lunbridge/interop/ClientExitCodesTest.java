package io.lunbridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.interop.ClientHost.Answer;
import io.lunbridge.records.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients decide by exit codes, in their own sequences of calls; the rows of the inventory are in the names. */
@Tag("once")
@NeedsTools({"tgtd", "tgtadm"})
final class ClientExitCodesTest {

    @TempDir
    private static Path directory;

    private static ClientHost host;

    @BeforeAll
    static void start() throws IOException {
        host = new ClientHost(directory);
    }

    @AfterEach
    void reset() throws Exception {
        host.reset();
    }

    @AfterAll
    static void end() {
        if (host != null) {
            host.close();
        }
    }

    /** Ansible's and vdsm's questions to a host that has nothing. */
    @Test
    @Row({"CR-2", "CR-3"})
    void cr3NothingThereIs21() {
        host.fails(21, "-m node");
        host.fails(21, "-m node -o show");
        host.fails(21, "-m session");
        host.fails(21, "-m session -P 3");
        host.fails(21, "-m session -R");
        host.fails(21, "-m node -T TARGET -p PORTAL");
        host.fails(21, "-m node -T TARGET -p PORTAL -l");
        host.fails(21, "-m node -T TARGET -p PORTAL -u");
        host.fails(21, "-m node -T TARGET -p PORTAL -R");
        host.fails(21, "-m node -T TARGET -p PORTAL -o delete");
        host.fails(21, "-m node -U all");
        assertThat(host.call("-m discovery -P 1").code()).isEqualTo(21);
    }

    /** As goiscsi, democratic-csi and os-brick take it for a success. */
    @Test
    @Row({"CR-1", "CR-2", "CR-4", "M-36", "M-37"})
    void cr4ASecondLoginAndADeleteUnderASessionAre15() throws Exception {
        host.succeeds("-m discovery -t st -p PORTAL");
        host.succeeds("-m node -T TARGET -p PORTAL --login");
        assertThat(host.fails(15, "-m node -T TARGET -p PORTAL --login").err())
                .contains("1 session requested, but 1 already present.");
        assertThat(host.fails(15, "-m node -T TARGET -p PORTAL -o delete").err())
                .contains("but a session is using it. Logout session then rerun command to remove record.");
        assertThat(host.daemon().sessions()).hasSize(1);
        host.succeeds("-m node -T TARGET -p PORTAL --logout");
        host.succeeds("-m node -T TARGET -p PORTAL -o delete");
    }

    /** os-brick's way to a discovery with CHAP. */
    @Test
    @Row({"CR-2", "CR-5", "CR-8"})
    void cr5AnUpdateOfADiscoveryRecordThatIsMissingIs6() {
        String update = "-m discoverydb -t sendtargets -I default -p PORTAL --op update"
                + " -n discovery.sendtargets.auth.authmethod -v CHAP"
                + " -n discovery.sendtargets.auth.username -v joe"
                + " -n discovery.sendtargets.auth.password -v " + ClientHost.SECRET;
        host.fails(6, update);
        host.succeeds("-m discoverydb -t sendtargets -I default -p PORTAL --op new");
        host.succeeds(update);
        host.fails(6, "-m discoverydb -t sendtargets -p 127.0.0.9 --op delete");
    }

    @Test
    @Row({"CR-2", "CR-6", "M-74"})
    void cr6AWrongSecretIs24() throws Exception {
        String node = "-m node -T " + ClientHost.CHAP_TARGET + " -p PORTAL ";
        host.succeeds(node + "-o new");
        assertThat(host.fails(24, node + "-l").err())
                .contains("(24 - iSCSI login failed due to authorization failure)");
        host.succeeds(node + "-o update -n node.session.auth.authmethod -v CHAP -n node.session.auth.username -v joe"
                + " -n node.session.auth.password -v wrongwrongwro");
        host.fails(24, node + "-l");
        assertThat(host.daemon().sessions()).isEmpty();
        host.succeeds(node + "-o update -n node.session.auth.password -v " + ClientHost.SECRET);
        host.succeeds(node + "-l");
    }

    @Test
    @Row({"CR-2", "CR-7"})
    void cr7AnUnreachablePortalIs4Or8Or11WithinTheTime() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            for (int port : new int[] {FreePort.next(), full.getLocalPort()}) {
                Answer answer = host.call("-m discoverydb -t st -p 127.0.0.1:" + port + " --discover");
                assertThat(answer.code()).as(answer.err()).isIn(4, 8, 11);
                assertThat(answer.millis()).isLessThan(10_000);
            }
            host.succeeds("-m node -T TARGET -p 127.0.0.1:" + full.getLocalPort() + " -o new");
            host.succeeds("-m node -T TARGET -o update -n node.conn[0].timeo.login_timeout -v 1");
            Answer login = host.call("-m node -T TARGET -l");
            assertThat(login.code()).as(login.err()).isIn(4, 8, 11);
            assertThat(login.millis()).isLessThan(10_000);
        }
    }

    @Test
    @Row({"CR-28", "CR-2"})
    void cr28WithoutRetriesALoginIsOneAttempt() {
        host.succeeds("-m node -T TARGET -p 127.0.0.1:" + FreePort.next() + " -o new");
        host.succeeds("-m node -T TARGET -o update -n node.session.initial_login_retry_max -v 0");
        Answer answer = host.fails(8, "-m node -T TARGET -l");
        assertThat(answer.err()).contains("(8 - connection timed out)");
        assertThat(answer.millis()).as("a second one would come 3 s later").isLessThan(3_000);
    }

    @Test
    @Row({"CR-2", "CR-3", "CR-37"})
    void cr37WhatIsDoneTwiceIs21TheSecondTime() {
        host.succeeds("-m node -T TARGET -p PORTAL,1 -o new");
        host.succeeds("-m node -T TARGET -p PORTAL,1 -o new");
        host.succeeds("-m node -T TARGET -p PORTAL -l");
        host.succeeds("-m node -T TARGET -p PORTAL -u");
        host.fails(21, "-m node -T TARGET -p PORTAL -u");
        host.succeeds("-m node -T TARGET -p PORTAL -o delete");
        host.fails(21, "-m node -T TARGET -p PORTAL -o delete");
        host.fails(21, "-m node -T TARGET -p PORTAL -l");
    }
}
