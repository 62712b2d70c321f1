package io.lunbridge.iscsiadm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The page of iscsiadm in the manual, and its completion for bash, from the options and modes that its parser goes by. Run
 * by the build; no part of the program.
 */
public final class IscsiadmManual {

    private static final String EXAMPLES = """
            .SH EXAMPLES
            .nf
            iscsiadm \\-m discovery \\-t sendtargets \\-p 192.0.2.1
            iscsiadm \\-m node \\-T iqn.2026\\-01.org.example:disk \\-p 192.0.2.1 \\-l
            iscsiadm \\-m node \\-T iqn.2026\\-01.org.example:disk \\-o update \\-n node.startup \\-v automatic
            iscsiadm \\-m session \\-P 3
            iscsiadm \\-m node \\-T iqn.2026\\-01.org.example:disk \\-u
            .fi
            """;

    private static final String FILES = """
            .SH FILES
            .TP
            .I /etc/iscsi/iscsid.conf
            What new records begin with, and settings of iscsid.
            .TP
            .I /etc/iscsi/nodes, /etc/iscsi/send_targets, /etc/iscsi/isns, /etc/iscsi/ifaces
            The records. Where /var/lib/iscsi has them, they are read and written there.
            .TP
            .I /etc/iscsi/initiatorname.iscsi
            The name of this initiator.
            .TP
            .I /run/lunbridge/control
            Where iscsid takes commands.
            .SH ENVIRONMENT
            .TP
            .B LUNBRIDGE_OUTPUT
            \\fBjson\\fP: modes session and node print a list of JSON objects, for programs.
            .TP
            .B LUNBRIDGE_ROOT
            A directory that stands for / in the names above.
            .TP
            .B JAVA_HOME
            Which Java to use, 17 or newer; else the one on the PATH.
            """;

    private static final String SEE_ALSO = """
            .SH SEE ALSO
            .BR iscsid (8),
            .BR iscsistart (8),
            .BR iscsi_discovery (8),
            .BR lunbridge (8)
            """;

    private IscsiadmManual() {}

    /**
     * Writes both.
     *
     * @param pages where {@code iscsiadm.8} goes
     * @param completions where the completion goes
     */
    public static void write(Path pages, Path completions, String version) throws IOException {
        Files.writeString(pages.resolve("iscsiadm.8"), page(version));
        Files.writeString(completions.resolve("iscsiadm"), IscsiadmCompletion.text());
    }

    static String page(String version) {
        StringBuilder text = new StringBuilder();
        text.append(".TH \"ISCSIADM\" 8 \"\" \"").append(version).append("\" \"System administration\"\n");
        text.append(".SH NAME\niscsiadm \\- discover iSCSI targets, keep records of them, log in and out\n");
        text.append(".SH SYNOPSIS\n");
        for (String line : Usage.TEXT.strip().split("\n", -1)) {
            text.append(".P\n.B ").append(escaped(line.strip())).append('\n');
        }
        text.append("""
                .SH DESCRIPTION
                The command line of open\\-iscsi, on the daemon of Lunbridge: disks are /dev/nbdN, by the names that they have in
                /dev/disk/by\\-path. Records need no daemon; what has to do with sessions needs
                .BR iscsid (8).
                Long options may be shortened as far as they stay unlike the others.
                .SH OPTIONS
                """);
        for (Option option : Option.values()) {
            text.append(".TP\n").append(term(option)).append('\n').append(escaped(OptionText.of(option)));
            text.append(modes(option)).append('\n');
        }
        text.append(".SH MODES\n");
        for (Mode mode : Mode.values()) {
            text.append(".TP\n.B ").append(word(mode)).append('\n').append(escaped(OptionText.of(mode)));
            text.append(" It takes ").append(letters(mode)).append(".\n");
        }
        text.append(".SH OPERATIONS\n");
        for (Operation operation : Operation.values()) {
            text.append(".TP\n.B ").append(OptionText.word(operation)).append('\n');
            text.append(escaped(OptionText.of(operation))).append('\n');
        }
        text.append(EXAMPLES).append(".SH EXIT STATUS\n");
        for (ErrorCode code : ErrorCode.values()) {
            text.append(".TP\n.B ").append(code.number()).append('\n');
            text.append(escaped(code == ErrorCode.SUCCESS ? "done" : code.text()))
                    .append('\n');
        }
        return text.append(FILES).append(SEE_ALSO).toString();
    }

    private static String term(Option option) {
        String label = OptionText.label(option);
        return "\\fB\\-" + option.letter() + ", \\-\\-" + escaped(option.longName()) + "\\fP"
                + (label.isEmpty() ? "" : " \\fI" + escaped(label) + "\\fP");
    }

    /** Nothing of those that stand before any mode. */
    private static String modes(Option option) {
        List<String> words = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            if (mode.allows(option)) {
                words.add(word(mode));
            }
        }
        boolean isOfAll = words.isEmpty() || words.size() == Mode.values().length;
        return isOfAll ? "" : " Modes: " + String.join(", ", words) + ".";
    }

    private static String letters(Mode mode) {
        List<String> letters = new ArrayList<>();
        for (Option option : Option.values()) {
            if (mode.allows(option)) {
                letters.add("\\-" + option.letter());
            }
        }
        return String.join(", ", letters);
    }

    /** As on the command line: each is the small form of its constant. */
    static String word(Mode mode) {
        String word = mode.name().toLowerCase(Locale.ROOT);
        if (Mode.of(word) != mode) {
            throw new IllegalStateException(word);
        }
        return word;
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }
}
