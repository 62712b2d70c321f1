package io.lunbridge.bench;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.SessionSettings;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The whole bridge, per 4 KiB request: NBD socket, session, and a target in this process; three threads. */
@State(Scope.Thread)
public class BridgeBenchmark {

    private final BridgeRig rig;
    private final NbdLoad load;

    /** Logs in and connects. */
    public BridgeBenchmark() {
        this(SessionSettings.BRIEF);
    }

    BridgeBenchmark(SessionSettings settings) {
        try {
            rig = BridgeRig.inMemory(settings);
            load = new NbdLoad(rig.socket(), false);
        } catch (CommandException | IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public void readAlone() throws IOException {
        load.run(NbdLoad.Kind.READ, 1, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public void reads() throws IOException {
        load.run(NbdLoad.Kind.READ, Benchmarks.BATCH, 1);
    }

    @Benchmark
    @OperationsPerInvocation(Benchmarks.BATCH)
    public void writes() throws IOException {
        load.run(NbdLoad.Kind.WRITE, Benchmarks.BATCH, 1);
    }

    @TearDown
    public void close() throws IOException {
        load.close();
        rig.close();
    }
}
