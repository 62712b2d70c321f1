package io.lunbridge.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        List<InMemory> files = new ArrayList<>();
        for (String module : MODULES) {
            for (Path file : javaFilesBelow(top().resolve(module).resolve("src"))) {
                try {
                    files.add(new InMemory(top().relativize(file).toString(), Files.readString(file)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return parse(files);
    }

    static Source parse(String path, String text) {
        return parse(List.of(new InMemory(path, text))).get(0);
    }

    /** Parses all at once: each start of the compiler costs more than many files. */
    private static List<Source> parse(List<InMemory> files) {
        JavacTask task = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, null, List.of("-proc:none"), null, files);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        // By URI: the javac of JDK 17 hands the files back in wrappers of its own.
        Map<URI, InMemory> byUri = files.stream().collect(Collectors.toMap(InMemory::toUri, file -> file));
        List<Source> sources = new ArrayList<>();
        try {
            for (CompilationUnitTree tree : task.parse()) {
                InMemory file =
                        Objects.requireNonNull(byUri.get(tree.getSourceFile().toUri()));
                sources.add(new Source(file.path, file.text, tree, positions));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
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

        private final String path;
        private final String text;

        InMemory(String path, String text) {
            super(URI.create("string:///" + path.replace('\\', '/')), Kind.SOURCE);
            this.path = path;
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
