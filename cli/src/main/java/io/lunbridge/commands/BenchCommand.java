package io.lunbridge.commands;

import io.lunbridge.block.BlockDevice;
import io.lunbridge.block.BlockException;
import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskService;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Report;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.daemon.Transport;
import io.lunbridge.measure.LunMeasurement;
import io.lunbridge.measure.Measurement;
import io.lunbridge.measure.MeasurementTable;
import io.lunbridge.measure.Workload;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lunbridge bench}. */
@Command(
        name = "bench",
        description = {
            "Measure a LUN: requests and bytes per second, and how latencies are spread, of random and sequential reads"
                    + " of several sizes and depths, or of those that the options say.",
            "Nothing is written without --write. Latency is from handing a request to the initiator until its answer, at"
                    + " a constant depth; two seconds of each workload warm up. SIGINT ends it with what there is so far."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private LunUrlParameter lun;

    @Mixin
    private WorkloadOptions options;

    @Mixin
    private DigestOptions digests;

    @Mixin
    private ChapOptions chap;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() throws Exception {
        common.apply();
        List<Workload> workloads = options.workloads();
        SessionSettings settings =
                SessionSettings.MEASURED.withDigests(digests.settings()).withChap(chap.settings());
        try (Transport transport = Transport.open();
                DiskService disk = DiskService.open(transport, options.request(lun.url), settings)) {
            measure(disk, workloads);
        }
        return ExitCode.OK.number();
    }

    private void measure(DiskService disk, List<Workload> workloads) throws CommandException, InterruptedException {
        BlockDevice device = disk.kernelExport().device();
        LunMeasurement measurement = new LunMeasurement(
                device, options.measured(), ThreadLocalRandom.current().nextLong());
        for (Workload workload : workloads) {
            measurement.check(workload);
        }
        options.warnOfWrites(device.geometry().sizeBytes(), spec.commandLine().getErr());
        Results results = new Results();
        try {
            for (Workload workload : workloads) {
                results.add(run(disk, measurement, workload));
                if (measurement.isInterrupted()) {
                    break;
                }
            }
        } finally {
            results.end(workloads.size(), measurement.isInterrupted());
        }
    }

    private static Measurement run(DiskService disk, LunMeasurement measurement, Workload workload)
            throws CommandException {
        try {
            return measurement.run(workload);
        } catch (BlockException e) {
            String what = "'" + workload.name() + "' at depth " + workload.depth() + ": " + e.getMessage();
            throw disk.isLoggedIn()
                    ? new CommandException(
                            ExitCode.FAILURE, "a request failed, in " + what + "; look into the target's log", e)
                    : new CommandException(
                            ExitCode.UNREACHABLE,
                            "the session was lost, in " + what + "; check that the target runs, and the network to it",
                            e);
        }
    }

    /** Lines as they come for people; for programs all at the end, whatever the end is. */
    private final class Results {

        private final PrintWriter out = spec.commandLine().getOut();
        private final List<Object> all = new ArrayList<>();

        private void add(Measurement measurement) {
            if (measurement.isEmpty()) {
                return;
            }
            if (all.isEmpty() && !output.isJson()) {
                out.println(MeasurementTable.title());
            }
            all.add(measurement.values());
            if (!output.isJson()) {
                out.println(MeasurementTable.line(measurement));
                out.flush();
            }
        }

        private void end(int wanted, boolean interrupted) {
            if (output.isJson()) {
                Report report = new Report()
                        .put("lun", lun.url.toString())
                        .put("complete", all.size() == wanted && !interrupted)
                        .put("workloads", all);
                out.println(JsonText.of(report.values()));
                out.flush();
            }
        }
    }
}
