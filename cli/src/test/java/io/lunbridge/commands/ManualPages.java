package io.lunbridge.commands;

import io.lunbridge.iscsiadm.IscsiadmManual;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * Writes the manual's pages and the completion for bash, from what the commands say of themselves. Run by the build; no
 * part of the program.
 */
public final class ManualPages {

    private static final String ISCSID_FILES = """
            .BR iscsiadm (8),
            .BR lunbridge\\-daemon (8)
            .SH NOTES
            .B \\-h
            and
            .B \\-v
            print the usage and the version. All of
            .BR lunbridge (8)
            is true of it too. At its start it logs in to the node records whose node.startup is automatic, side by side; who
            does not answer is tried again until it does.
            .SH FILES
            .TP
            .I /etc/iscsi/iscsid.conf, /etc/iscsi/initiatorname.iscsi
            Its settings and this host's name.
            .TP
            .I /run/iscsid.pid
            The number of its process.
            .TP
            .I /run/lunbridge/sessions
            The sessions, for the daemon that comes after it.
            """;

    private ManualPages() {}

    /** Takes the directory to write to, and the program's version. */
    public static void main(String[] args) throws IOException {
        write(Path.of(args[0]), "lunbridge " + args[1]);
    }

    static void write(Path directory, String version) throws IOException {
        CommandLine root = new CommandLine(new RootCommand());
        Main.commandsFor("").forEach(root::addSubcommand);
        Path pages = Files.createDirectories(directory.resolve("man"));
        Files.writeString(pages.resolve("lunbridge.8"), ManualPage.of(root, version));
        for (CommandLine command : root.getSubcommands().values()) {
            Files.writeString(pages.resolve(ManualPage.name(command) + ".8"), ManualPage.of(command, version));
        }
        Path completion = Files.createDirectories(directory.resolve("completion"));
        Files.writeString(completion.resolve("lunbridge"), AutoComplete.bash("lunbridge", root));
        CommandLine iscsid = new CommandLine(new IscsidCommand());
        Files.writeString(pages.resolve("iscsid.8"), ManualPage.of(iscsid, version) + ISCSID_FILES);
        Files.writeString(completion.resolve("iscsid"), AutoComplete.bash("iscsid", iscsid));
        IscsiadmManual.write(pages, completion, version);
    }
}
