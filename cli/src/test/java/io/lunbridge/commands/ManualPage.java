package io.lunbridge.commands;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** One command's page in the manual, in the macros of man(7). */
final class ManualPage {

    private static final String FILES = """
            .SH FILES
            .TP
            .I /etc/lunbridge/devices/NAME.conf
            A configured device: \\fBkey = value\\fP lines. See the README there.
            .TP
            .I /etc/iscsi/initiatorname.iscsi
            The name of this initiator, shared with open\\-iscsi.
            .TP
            .I /run/lunbridge
            The daemon's control socket and what it knows of each device.
            .TP
            .I /var/lib/lunbridge/isid
            The session identifiers, kept so that a process that was killed ends its old session by its next login.
            .SH ENVIRONMENT
            .TP
            .B JAVA_HOME
            Which Java to use, 17 or newer; else the one on the PATH.
            .TP
            .B LUNBRIDGE_JAVA_OPTIONS
            More options for the JVM, last so that they win.
            .TP
            .B LUNBRIDGE_ROOT
            A directory that stands for / in the names above.
            .TP
            .B LUNBRIDGE_STATE
            A directory instead of /var/lib/lunbridge, for a daemon on whose disk /var is.
            .TP
            .B LUNBRIDGE_SD_NAMES
            1 gives each device a second name such as SCSI disks have (sdnaa for nbd0), as a link in /dev and in what iscsiadm prints.
            .TP
            .B LUNBRIDGE_START_SECONDS
            How long the daemon waits for configured devices before it calls itself ready; 30.
            .TP
            .B LUNBRIDGE_STOP_SECONDS
            How long a daemon that is told to stop serves devices that are in use; 80.
            .TP
            .B LUNBRIDGE_GIVEUP_SECONDS
            How long \\fIlunbridge\\-giveup.service\\fP tries to start a daemon that fails; 600.
            .TP
            .B LUNBRIDGE_ROOT_STORAGE
            1 marks a daemon as one that systemd's last kill at shutdown has to leave alone.
            """;

    private final StringBuilder text = new StringBuilder();
    private final CommandLine command;
    private final CommandSpec spec;

    private ManualPage(CommandLine command) {
        this.command = command;
        spec = command.getCommandSpec();
    }

    /** The page's name, without its section. */
    static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }

    /** The page, in section 8. */
    static String of(CommandLine command, String version) {
        ManualPage page = new ManualPage(command);
        page.heading(version);
        page.arguments();
        page.subcommands();
        page.end();
        return page.text.toString();
    }

    private void heading(String version) {
        line(".TH " + quoted(name(command).toUpperCase(java.util.Locale.ROOT)) + " 8 \"\" " + quoted(version)
                + " \"System administration\"");
        String[] description = spec.usageMessage().description();
        section("NAME");
        line(escaped(name(command)) + " \\- " + escaped(summary(description[0])));
        section("SYNOPSIS");
        line(".B " + escaped(plain(command.getHelp().synopsis(0)).replaceAll("\\s+", " ")));
        section("DESCRIPTION");
        paragraphs(description);
    }

    private void arguments() {
        List<PositionalParamSpec> parameters = spec.positionalParameters();
        List<OptionSpec> options =
                spec.options().stream().filter(option -> !option.hidden()).toList();
        if (!parameters.isEmpty() || !options.isEmpty()) {
            section("OPTIONS");
        }
        for (PositionalParamSpec parameter : parameters) {
            entry("\\fI" + escaped(parameter.paramLabel()) + "\\fP", parameter);
        }
        for (OptionSpec option : options) {
            String label = option.arity().max() > 0 ? " \\fI" + escaped(option.paramLabel()) + "\\fP" : "";
            entry("\\fB" + escaped(String.join(", ", option.names())) + "\\fP" + label, option);
        }
    }

    private void entry(String term, ArgSpec argument) {
        line(".TP");
        line(term);
        String defaultValue = argument.defaultValue() == null ? "" : argument.defaultValue();
        for (String sentence : argument.description()) {
            line(escaped(plain(sentence.replace("${DEFAULT-VALUE}", defaultValue))));
        }
    }

    private void subcommands() {
        if (command.getSubcommands().isEmpty()) {
            return;
        }
        section("COMMANDS");
        command.getSubcommands().forEach((name, sub) -> {
            line(".TP");
            line("\\fBlunbridge\\-" + escaped(name) + "\\fP(8)");
            line(escaped(plain(sub.getCommandSpec().usageMessage().description()[0])));
        });
    }

    private void end() {
        Map<String, String> exitCodes = spec.usageMessage().exitCodeList();
        if (!exitCodes.isEmpty()) {
            section("EXIT STATUS");
            exitCodes.forEach((number, meaning) -> {
                line(".TP");
                line(".B " + number.strip());
                line(escaped(meaning));
            });
            text.append(FILES);
        }
        footer();
        section("SEE ALSO");
        line(spec.parent() == null ? ".BR systemd.mount (5)," : ".BR lunbridge (8),");
        line(".BR fstab (5)" + (name(command).startsWith("lunbridge") ? "" : ","));
    }

    /** The examples, as they are. */
    private void footer() {
        List<String> lines = List.of(spec.usageMessage().footer());
        if (spec.parent() == null || lines.isEmpty()) {
            return;
        }
        section("EXAMPLES");
        line(".nf");
        lines.forEach(each -> line(escaped(plain(each).strip())));
        line(".fi");
    }

    private void paragraphs(String... sentences) {
        for (String sentence : sentences) {
            line(escaped(plain(sentence)));
        }
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String summary(String sentence) {
        String first = plain(sentence).split("[.:;](?= |$)", 2)[0];
        return first.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + first.substring(1);
    }

    private static String plain(String markup) {
        return Help.Ansi.OFF.string(markup).replace("%n", "").replace("%%", "%");
    }

    private static String quoted(String word) {
        return '"' + word + '"';
    }

    /** No request where a line begins, no typographic quotes and hyphens. */
    private static String escaped(String words) {
        String safe = words.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("…", "...")
                .strip();
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
