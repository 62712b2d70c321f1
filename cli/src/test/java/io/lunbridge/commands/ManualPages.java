package io.lunbridge.commands;

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
    }
}
