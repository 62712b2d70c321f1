package io.lunbridge.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Lines for people, which {@code scripts/test} prints at its end: {@code target/figures.txt}. */
public final class Figures {

    private static final Path FILE = Path.of("target/figures.txt");

    private Figures() {}

    public static void add(String line) {
        System.out.println(line);
        try {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
