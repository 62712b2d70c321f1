package io.lunbridge.commands;

import io.lunbridge.daemon.Report;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code -o json}. */
final class OutputOption {

    enum Format {
        TEXT,
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (default) or json.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Format format;

    boolean isJson() {
        return format == Format.JSON;
    }

    void print(Report report, PrintWriter out) {
        out.print(format == Format.JSON ? JsonText.of(report.values()) + "\n" : report.text());
        out.flush();
    }

    void print(List<Report> reports, Table table, PrintWriter out) {
        out.print(
                format == Format.JSON
                        ? JsonText.of(reports.stream().map(Report::values).toList()) + "\n"
                        : table.text(reports));
        out.flush();
    }

    void print(List<Report> reports, PrintWriter out) {
        if (format == Format.JSON) {
            out.print(JsonText.of(reports.stream().map(Report::values).toList()) + "\n");
        } else {
            reports.forEach(report -> out.print(report.line()));
        }
        out.flush();
    }
}
