package io.lunbridge.daemon;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a secret out of what other users see of this process (ps, {@code /proc/PID/cmdline}), by overwriting it where the
 * kernel reads it: our own memory. Until that has happened it is visible, so a file is better.
 */
public final class CommandLineSecret {

    /** {@code iscsi://user%SECRET@}, in an argument of its own. */
    private static final Pattern SECRET =
            Pattern.compile("(?<=\0)(iscsi://[^/%\0]*%)([^/\0]*)@[^@/\0]*/", Pattern.CASE_INSENSITIVE);

    /** Fields of /proc/self/stat behind the command's name, which may hold blanks: proc(5) counts from 1, with two before. */
    private static final int ARG_START = 48 - 3;

    private static final int ARG_END = 49 - 3;
    private static final int MAX_ARGUMENT_BYTES = 2 << 20;

    private CommandLineSecret() {}

    /** Overwrites the secrets of all URLs, if any argument has one. Best effort: else it stays visible. */
    public static void hide(String... arguments) {
        for (String argument : arguments) {
            if (SECRET.matcher('\0' + argument).find()) {
                overwriteQuietly();
                return;
            }
        }
    }

    /** Cannot log: this runs before it is known how much is to be logged. */
    private static void overwriteQuietly() {
        try {
            overwrite();
        } catch (IOException | RuntimeException unwritable) {
            return;
        }
    }

    /** The text with no URL's secret in it. */
    public static String without(String text) {
        return text.replaceAll("(?i)(iscsi://[^/%\\s]*%)\\S*@", "$1…@");
    }

    private static void overwrite() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long start = Long.parseLong(fields[ARG_START]);
        long length = Long.parseLong(fields[ARG_END]) - start;
        if (length <= 0 || length > MAX_ARGUMENT_BYTES) {
            throw new IOException("arguments of " + length + " bytes");
        }
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "rw")) {
            byte[] bytes = new byte[(int) length];
            memory.seek(start);
            memory.readFully(bytes);
            Matcher secret = SECRET.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
            while (secret.find()) {
                memory.seek(start + secret.start(2));
                memory.write("x".repeat(secret.end(2) - secret.start(2)).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }
}
