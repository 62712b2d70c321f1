package io.lunbridge.scripted;

/** What the target does on one connection. Runs in that connection's thread and may block. */
@FunctionalInterface
public interface Script {

    void play(Peer peer) throws Exception;
}
