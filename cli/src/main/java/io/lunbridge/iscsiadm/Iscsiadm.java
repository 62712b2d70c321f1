package io.lunbridge.iscsiadm;

import io.lunbridge.daemon.Root;
import io.lunbridge.records.RecordDatabase;
import io.lunbridge.records.RecordPaths;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The command {@code iscsiadm}. */
public final class Iscsiadm {

    private static final int OUTPUT_BUFFER_BYTES = 8192;

    private final Console console;

    private Iscsiadm(Console console) {
        this.console = console;
    }

    /**
     * Runs one command and ends the process with its exit code (2.2), 0 to 33.
     *
     * @param words as open-iscsi's iscsiadm takes them
     */
    public static void main(String[] words) {
        System.exit(run(words, stream(FileDescriptor.out), stream(FileDescriptor.err)));
    }

    /**
     * Runs one command in this process.
     *
     * @return its exit code (2.2), 0 to 33
     */
    public static int run(String[] words, PrintStream out, PrintStream err) {
        Console console = new Console(out, err);
        int exitCode = new Iscsiadm(console).run(words);
        console.flush();
        return exitCode;
    }

    /** UTF-8 whatever the locale, as the bytes of records and names are passed through. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), OUTPUT_BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
    }

    private int run(String[] words) {
        try {
            return run(new RequestReader(words, console).read()).number();
        } catch (CommandEnd e) {
            return e.exitCode();
        }
    }

    private ErrorCode run(Request request) throws CommandEnd {
        if (request.killPriority >= 0) {
            return stopDaemon(request.killPriority);
        }
        Mode mode = request.mode;
        if (mode == null) {
            console.tryHelp();
            return ErrorCode.INVAL;
        }
        RecordDatabase database = RecordDatabase.open(RecordPaths.ofThisHost(), console::error);
        console.debug("records are in " + database.paths().database() + ", settings in "
                + database.paths().iscsidConf());
        Context context = new Context(console, database, daemon(console));
        return switch (mode) {
            case NODE -> new NodeMode(context, request).run();
            case SESSION -> new SessionMode(context, request).run();
            case DISCOVERY -> new DiscoveryMode(context, request).run();
            case DISCOVERYDB -> new DiscoverydbMode(context, request).run();
            case IFACE -> new IfaceMode(context, request).run();
            case HOST -> new HostMode(context, request).run();
            case FW -> FwMode.run(console);
        };
    }

    private static DaemonLink daemon(Console console) {
        return new DaemonLink(Root.ofThisHost().controlSocket(), console);
    }

    /** Sessions and devices stay for the next daemon (M-63). A failure is told and changes no exit code. */
    private ErrorCode stopDaemon(int priority) {
        if (priority != 0) {
            console.error("Invalid iscsid priority " + priority + ". Priority must be 0.");
            return ErrorCode.SUCCESS;
        }
        try {
            daemon(console).ask("release", Map.of());
        } catch (DaemonFailure e) {
            console.error(e.sentence());
            console.initiatorError(e.error());
            console.error("Could not stop iscsid. Trying sending iscsid SIGTERM or SIGKILL signals manually");
        }
        return ErrorCode.SUCCESS;
    }
}
