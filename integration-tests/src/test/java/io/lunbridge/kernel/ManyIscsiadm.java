package io.lunbridge.kernel;

import io.lunbridge.iscsiadm.Iscsiadm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Runs iscsiadm for each line of standard input: a file's name, to which {@code .out} and {@code .err} are added, and the
 * words of the call. Answers with the exit code. A JVM's start takes long in a guest.
 */
public final class ManyIscsiadm {

    private ManyIscsiadm() {}

    /** Ends with its input. */
    public static void main(String[] none) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null) {
            String[] words = line.trim().split(" +", -1);
            try (PrintStream out = new PrintStream(words[0] + ".out", StandardCharsets.UTF_8);
                    PrintStream err = new PrintStream(words[0] + ".err", StandardCharsets.UTF_8)) {
                int exitCode = Iscsiadm.run(Arrays.copyOfRange(words, 1, words.length), out, err);
                System.out.println(exitCode);
                System.out.flush();
            }
            line = lines.readLine();
        }
    }
}
