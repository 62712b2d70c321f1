package io.lunbridge.architecture;

import io.lunbridge.architecture.Sources.InMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Classes that break a rule, compiled where the product's build does not see them. */
final class Planted {

    private final Path directory;
    private final List<JavaFileObject> files = new ArrayList<>();

    Planted(Path directory) {
        this.directory = directory;
    }

    void add(String packageName, String name, String members) {
        String text = "package " + packageName + "; public class " + name + " { " + members + " }";
        files.add(new InMemory(packageName.replace('.', '/') + "/" + name + ".java", text));
    }

    Path compile() {
        List<String> options =
                List.of("-proc:none", "-d", directory.toString(), "-classpath", System.getProperty("java.class.path"));
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, options, null, files)
                .call();
        if (!compiled) {
            throw new AssertionError("the planted classes do not compile");
        }
        return directory;
    }
}
