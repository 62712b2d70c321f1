package io.lunbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs each benchmark: once, in this process and tiny, so that none rots; or, where the property {@value #EARNEST} holds
 * arguments of JMH (a space between them; {@code .} for all), as they say, with the launcher's options for the JVM.
 */
class BenchmarksTest {

    private static final String EARNEST = "lunbridge.jmh";
    private static final int LEAST = 16;

    @Test
    void everyBenchmarkRuns() throws Exception {
        Collection<RunResult> results = new Runner(options()).run();
        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.getPrimaryResult().getScore()).isPositive());
        if (System.getProperty(EARNEST) == null) {
            assertThat(results).hasSizeGreaterThanOrEqualTo(LEAST);
        }
    }

    private static Options options() throws Exception {
        String earnest = System.getProperty(EARNEST);
        if (earnest != null) {
            List<String> jvm = new ArrayList<>(LauncherOptions.of("serve"));
            jvm.add("-Xmx256m");
            return new OptionsBuilder()
                    .parent(new CommandLineOptions(earnest.trim().split("\\s+")))
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.NANOSECONDS)
                    .jvmArgs(jvm.toArray(String[]::new))
                    .shouldFailOnError(true)
                    .build();
        }
        // Another JDK's run may be at it too.
        System.setProperty("jmh.ignoreLock", "true");
        return new OptionsBuilder()
                .include(Benchmarks.ALL)
                .forks(0)
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }
}
