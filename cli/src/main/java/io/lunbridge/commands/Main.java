package io.lunbridge.commands;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.CommandLineSecret;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.Logging;
import io.lunbridge.daemon.StopSignal;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Where the process begins and ends. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        StopSignal.ofProcess().install();
        CommandLineSecret.hide(args);
        int exitCode = run(args);
        Logging.stop();
        StopSignal.ofProcess().exit(exitCode);
    }

    /** Runs one command line to its end and returns the exit code. Blocking. */
    static int run(String... args) {
        CommandLine commandLine = new CommandLine(new RootCommand());
        commandsFor(args.length == 0 ? "" : args[0]).forEach(commandLine::addSubcommand);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(Main::usageError);
        commandLine.setExecutionExceptionHandler(Main::failure);
        return commandLine.execute(args);
    }

    /** The one command that is meant, else all: reading the annotations of each takes longer than starting the JVM. */
    static List<Object> commandsFor(String firstArgument) {
        return switch (firstArgument) {
            case "serve" -> List.of(new ServeCommand());
            case "daemon" -> List.of(new DaemonCommand());
            case "iscsid" -> List.of(new IscsidCommand());
            case "attach" -> List.of(new AttachCommand());
            case "fail" -> List.of(new FailCommand());
            case "detach" -> List.of(new DetachCommand());
            case "list" -> List.of(new ListCommand());
            case "discover" -> List.of(new DiscoverCommand());
            case "info" -> List.of(new InfoCommand());
            case "bench" -> List.of(new BenchCommand());
            case "target" -> List.of(new TargetCommand());
            case "demo" -> List.of(new DemoCommand());
            case "-V", "--version" -> List.of();
            default ->
                List.of(
                        new ServeCommand(),
                        new DaemonCommand(),
                        new AttachCommand(),
                        new DetachCommand(),
                        new ListCommand(),
                        new FailCommand(),
                        new DiscoverCommand(),
                        new InfoCommand(),
                        new BenchCommand(),
                        new TargetCommand(),
                        new DemoCommand());
        };
    }

    private static int usageError(ParameterException problem, String[] args) {
        CommandLine commandLine = problem.getCommandLine();
        String command = commandLine.getCommandSpec().qualifiedName();
        printLine(commandLine, problem.getMessage() + "; see '" + command + " --help'");
        return ExitCode.USAGE.number();
    }

    private static int failure(Exception problem, CommandLine commandLine, ParseResult parsed) {
        if (problem instanceof CommandException known) {
            printLine(commandLine, known.sentence());
            LoggerFactory.getLogger(Main.class).debug("where it failed", problem);
            return known.exitCode().number();
        }
        if (problem instanceof InterruptedException && StopSignal.ofProcess().isRequested()) {
            printLine(commandLine, "stopped before it was done; nothing is left of it");
            return ExitCode.FAILURE.number();
        }
        printLine(commandLine, "internal error, please report it: " + problem);
        LoggerFactory.getLogger(Main.class).error("internal error", problem);
        return ExitCode.FAILURE.number();
    }

    private static void printLine(CommandLine commandLine, String message) {
        String line = CommandLineSecret.without(message)
                .strip()
                .replaceAll("\\s*\\R\\s*", " ")
                .replaceAll("\\p{Cntrl}", "?");
        // picocli begins its sentences with a capital letter, some with "Error: "; ours begin in the middle.
        line = line.replaceFirst("^Error: ", "");
        boolean sentence = line.matches("[A-Z][a-z].*");
        String lowered = sentence ? line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1) : line;
        commandLine.getErr().println("lunbridge: " + lowered);
        commandLine.getErr().flush();
    }
}
