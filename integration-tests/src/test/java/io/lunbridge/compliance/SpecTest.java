package io.lunbridge.compliance;

import io.lunbridge.conformance.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A test method with {@link Spec}.
 *
 * @param name class, without package, and method
 * @param rule the standard and its section
 * @param unh tests of the UNH-IOL suites
 */
record SpecTest(String name, String rule, List<String> unh) {

    /** Every one there is among the compiled tests, found without running any. */
    static List<SpecTest> scan() {
        Path root = compiledTests();
        List<SpecTest> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith("Test.class"))
                    .forEach(file -> add(found, load(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing(SpecTest::name));
        return found;
    }

    private static Path compiledTests() {
        try {
            return Path.of(Spec.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            return Class.forName(name, false, Spec.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static void add(List<SpecTest> found, Class<?> testClass) {
        for (Method method : testClass.getDeclaredMethods()) {
            SpecTest test = of(method);
            if (test != null) {
                found.add(test);
            }
        }
    }

    /** What the method's annotation says; null where it has none. */
    static @Nullable SpecTest of(Method method) {
        Spec spec = method.getAnnotation(Spec.class);
        if (spec == null) {
            return null;
        }
        List<String> unh = Arrays.stream(spec.unh().split(","))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .toList();
        return new SpecTest(
                method.getDeclaringClass().getSimpleName() + "." + method.getName(), spec.value(), qualified(unh));
    }

    /** "FFP 9.1, 12.1" names the suite once. */
    private static List<String> qualified(List<String> ids) {
        List<String> qualified = new ArrayList<>();
        String suite = "";
        for (String id : ids) {
            int space = id.indexOf(' ');
            suite = space < 0 ? suite : id.substring(0, space);
            qualified.add(space < 0 ? suite + " " + id : id);
        }
        return qualified;
    }
}
