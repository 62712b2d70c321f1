package io.lunbridge.interop;

import java.util.ArrayList;
import java.util.List;

/**
 * An initiator and a target in network namespaces of their own, with two links between them. The target has one address,
 * which is reached by the first link unless somebody binds to the second. The second link's ends come later where a test
 * says so.
 */
final class TwoPaths implements TestNetwork, AutoCloseable {

    static final String FIRST = "path1";
    static final String SECOND = "path2";
    static final String FIRST_ADDRESS = "10.77.1.1";
    static final String OTHER_FIRST_ADDRESS = "10.77.1.3";
    static final String SECOND_ADDRESS = "10.77.2.1";

    private static final String TARGET_ADDRESS = "10.77.9.9";

    private final String initiator = "lunbridge-i" + ProcessHandle.current().pid();
    private final String target = "lunbridge-t" + ProcessHandle.current().pid();

    /** Makes all of it; needs root. */
    TwoPaths() {
        run("ip netns add " + initiator);
        run("ip netns add " + target);
        for (int path = 1; path <= 2; path++) {
            run("ip link add path" + path + " netns " + initiator + " type veth peer name path" + path + " netns "
                    + target);
            at(initiator, "ip address add 10.77." + path + ".1/24 dev path" + path);
            at(target, "ip address add 10.77." + path + ".2/24 dev path" + path);
            setUp(initiator, "path" + path);
            setUp(target, "path" + path);
        }
        setUp(initiator, "lo");
        setUp(target, "lo");
        at(initiator, "ip address add " + OTHER_FIRST_ADDRESS + "/24 dev path1");
        at(target, "ip address add " + TARGET_ADDRESS + "/32 dev lo");
        at(initiator, "ip route add " + TARGET_ADDRESS + " via 10.77.1.2 dev path1 metric 10");
        at(initiator, "ip route add " + TARGET_ADDRESS + " via 10.77.2.2 dev path2 metric 20");
    }

    private static void run(String command) {
        Processes.run(command.split(" ", -1));
    }

    private static void at(String namespace, String command) {
        run("ip netns exec " + namespace + " " + command);
    }

    private static void setUp(String namespace, String device) {
        at(namespace, "ip link set " + device + " up");
    }

    /** The hardware address of the initiator's end of a link. */
    String hardwareAddress(String path) {
        List<String> command = new ArrayList<>(atInitiator());
        command.addAll(List.of("cat", "/sys/class/net/" + path + "/address"));
        return Processes.run(command.toArray(String[]::new)).output().strip();
    }

    /** What the initiator's sockets with the target are, as ss(8) tells. */
    String sockets() {
        List<String> command = new ArrayList<>(atInitiator());
        command.addAll(List.of("ss", "-Hntm", "dst", TARGET_ADDRESS));
        return Processes.run(command.toArray(String[]::new)).output();
    }

    @Override
    public String targetAddress() {
        return TARGET_ADDRESS;
    }

    @Override
    public List<String> atInitiator() {
        return List.of("ip", "netns", "exec", initiator);
    }

    @Override
    public List<String> atTarget() {
        return List.of("ip", "netns", "exec", target);
    }

    @Override
    public void close() {
        run("ip netns del " + initiator);
        run("ip netns del " + target);
    }
}
