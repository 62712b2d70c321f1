package io.lunbridge.interop;

import java.util.List;

/** Where a test's initiator and its target are, and what starts a program there. */
interface TestNetwork {

    /** This host's loopback interface. */
    TestNetwork LOOPBACK = new TestNetwork() {
        @Override
        public String targetAddress() {
            return "127.0.0.1";
        }

        @Override
        public List<String> atInitiator() {
            return List.of();
        }

        @Override
        public List<String> atTarget() {
            return List.of();
        }
    };

    /** Where the target listens. */
    String targetAddress();

    /** What goes before a command for it to run at the initiator. */
    List<String> atInitiator();

    List<String> atTarget();
}
