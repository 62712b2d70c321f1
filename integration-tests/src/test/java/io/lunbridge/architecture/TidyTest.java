package io.lunbridge.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.lunbridge.architecture.Sources.Source;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sources keep to the size and naming rules; and each rule is seen to catch what it is for. */
@Tag("once")
class TidyTest {

    private static final String PLACE = "cli/src/main/java/io/lunbridge/block/Planted.java";

    private static List<Source> all = List.of();

    @BeforeAll
    static void readSources() {
        all = Sources.all();
        assertThat(all).hasSizeGreaterThan(50);
    }

    @Test
    void everySourceIsTidy() {
        List<String> breaches = all.stream()
                .flatMap(source -> TidyRules.breachesOf(source).stream())
                .toList();
        assertThat(breaches).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsForAndIsNullMarked() {
        List<Source> main = all.stream().filter(Source::isMain).toList();
        Set<String> explained = main.stream()
                .filter(source -> source.path().endsWith("/package-info.java"))
                .filter(source ->
                        source.text().contains("@NullMarked") && source.text().contains("/**"))
                .map(Source::packageName)
                .collect(Collectors.toSet());
        Set<String> silent = main.stream().map(Source::packageName).collect(Collectors.toCollection(TreeSet::new));
        silent.removeAll(explained);
        assertThat(silent).isEmpty();
    }

    @Test
    void catchesLongFilesAndMethods() {
        finds("class A {" + "\n".repeat(400) + "}", "401 lines");
        finds("class A { void b() {" + "\n".repeat(50) + "} }", "has 51 lines");
        finds("class A { A() {" + "\n".repeat(50) + "} }", "has 51 lines");
        passes("class A { void b() {" + "\n".repeat(49) + "} }");
    }

    @Test
    void catchesManyParameters() {
        finds("class A { void b(int a, int b, int c, int d, int e, int f) {} }", "b takes 6 parameters");
        finds("class A { A(int a, int b, int c, int d, int e, int f) {} }", "takes 6 parameters");
        finds("record A(int a, int b, int c, int d, int e, int f) {}", "A takes 6 parameters");
        finds("class A { B b = (c, d, e, f, g, h) -> {}; }", "a lambda takes 6 parameters");
        passes("record A(int a, int b, int c, int d, int e) { static int f; }");
    }

    @Test
    void catchesNamesThatSayNothing() {
        for (String name : List.of("IDisk", "DiskImpl", "DiskManager", "DiskUtil", "DiskUtils", "DiskHelper")) {
            finds("interface " + name + " {}", "a type named " + name);
        }
        finds("class A { int getSize() { return 1; } }", "a method named getSize");
        passes("class IscsiUrl { int gets() { return 1; } @Override public String getMessage() { return null; } }");
        passes("class Cdb { Cdb getLbaStatus(long lba) { return this; } }");
    }

    @Test
    void catchesWhatIsUnfinished() {
        finds("// TO" + "DO later\nclass A {}", "TO" + "DO");
        finds("// FIX" + "ME\nclass A {}", "FIX" + "ME");
        finds("// XX" + "X\nclass A {}", "XX" + "X");
        finds("@Dis" + "abled class A {}", "@Dis" + "abled");
        finds("class A { void b() { Thread.sl" + "eep(1); } }", "Thread.sl" + "eep");
        finds("class A { void b() { throw new UnsupportedOperation" + "Exception(); } }", "Unsupported");
    }

    @Test
    void catchesLocksOnTheDataPath() {
        finds("package io.lunbridge.block; class A { synchronized void b() {} }", "b is synchronized");
        finds("package io.lunbridge.block; class A { void b() { synchronized (this) {} } }", "a synchronized block");
        passes("package io.lunbridge.daemon; class A { synchronized void b() {} }");
    }

    private static void finds(String text, String breach) {
        assertThat(TidyRules.breachesOf(Sources.parse(PLACE, text))).anyMatch(found -> found.contains(breach));
    }

    private static void passes(String text) {
        assertThat(TidyRules.breachesOf(Sources.parse(PLACE, text))).isEmpty();
    }
}
