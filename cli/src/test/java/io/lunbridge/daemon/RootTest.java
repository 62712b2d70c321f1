package io.lunbridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class RootTest {

    private static final Map<String, String> HOME = Map.of("HOME", "/home/u");

    @Test
    void itIsTheSystemsForRootAndTheUsersForOthers() {
        assertThat(Root.of(HOME, true).isids()).hasToString("/var/lib/lunbridge/isid");
        assertThat(Root.of(HOME, false).isids()).hasToString("/home/u/.local/state/lunbridge/isid");
        assertThat(Root.of(Map.of("HOME", "/home/u", "XDG_STATE_HOME", "/s"), false)
                        .isids())
                .hasToString("/s/lunbridge/isid");
        assertThat(Root.of(HOME, false).controlSocket()).hasToString("/run/lunbridge/control");
    }

    @Test
    void oneVariableMovesAllOfIt() {
        Root moved = Root.of(Map.of("LUNBRIDGE_ROOT", "/r", "HOME", "/home/u"), false);
        assertThat(moved.isids()).hasToString("/r/var/lib/lunbridge/isid");
        assertThat(moved.devices()).hasToString("/r/run/lunbridge/devices");
        assertThat(moved.names()).hasToString("/r/run/lunbridge/names");
        assertThat(moved.daemonLock()).hasToString("/r/run/lunbridge/daemon.lock");
        assertThat(moved.configuredDevices()).hasToString("/r/etc/lunbridge/devices");
    }

    @Test
    void whatOutlivesARebootCanBeElsewhere() {
        Map<String, String> environment = Map.of("LUNBRIDGE_ROOT", "/r", "LUNBRIDGE_STATE", "/etc/lunbridge/state");
        assertThat(Root.of(environment, true).isids()).hasToString("/etc/lunbridge/state/isid");
        assertThat(Root.of(environment, true).devices()).hasToString("/r/run/lunbridge/devices");
    }
}
