package io.lunbridge.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Every Java source of the project, parsed by javac's own parser. */
final class Sources {

    static final List<String> MODULES =
            List.of("block-cache", "iscsi-transport", "nbd-server", "cli", "integration-tests");

    private Sources() {}

    /** A source file and its syntax tree. */
    record Source(String path, String text, CompilationUnitTree tree, SourcePositions positions) {

        boolean isMain() {
            return path.contains("/src/main/");
        }

        String packageName() {
            return tree.getPackageName() == null ? "" : tree.getPackageName().toString();
        }

        List<String> lines() {
            return text.lines().toList();
        }
    }

    /** The project's top directory: Surefire runs in the module's. */
    static Path top() {
        Path top = Path.of("").toAbsolutePath().getParent();
        if (top == null || !Files.exists(top.resolve("block-cache"))) {
            throw new IllegalStateException("not run in a module of the project");
        }
        return top;
    }

    static List<Source> all() {
        List<Source> sources = new ArrayList<>();
        for (String module : MODULES) {
            for (Path file : javaFilesBelow(top().resolve(module).resolve("src"))) {
                try {
                    sources.add(parse(top().relativize(file).toString(), Files.readString(file)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return sources;
    }

    static Source parse(String path, String text) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file = new InMemory(path, text);
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, List.of(file));
        try {
            CompilationUnitTree tree = task.parse().iterator().next();
            return new Source(path, text, tree, Trees.instance(task).getSourcePositions());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> javaFilesBelow(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A source that javac reads from memory. */
    static final class InMemory extends SimpleJavaFileObject {

        private final byte[] text;

        InMemory(String path, String text) {
            super(URI.create("string:///" + path.replace('\\', '/')), Kind.SOURCE);
            this.text = text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
