package io.lunbridge.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import io.lunbridge.architecture.Sources.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** The rules on one source file. They know no exceptions. */
final class TidyRules {

    static final int MOST_LINES_OF_A_FILE = 400;
    static final int MOST_LINES_OF_A_METHOD = 50;
    static final int MOST_PARAMETERS = 5;

    /** Types whose names say nothing. {@code IFoo}, but not {@code IscsiUrl} nor {@code IOFoo}. */
    private static final Pattern EMPTY_TYPE_NAME = Pattern.compile("I[A-Z][a-z].*|.*(Impl|Manager|Utils?|Helpers?)");

    /** An accessor: it takes nothing. What has parameters may be called by its standard's word, as GET LBA STATUS. */
    private static final Pattern GETTER = Pattern.compile("get([A-Z].*)?");

    /** Written in pieces, so that this file passes. */
    private static final Pattern BANNED_EVERYWHERE = words("TO" + "DO", "FIX" + "ME", "XX" + "X", "@Dis" + "abled");

    private static final Pattern BANNED_IN_MAIN =
            words("Thread.sl" + "eep", "printStack" + "Trace", "new UnsupportedOperation" + "Exception");

    private final Source source;
    private final List<String> breaches = new ArrayList<>();

    private TidyRules(Source source) {
        this.source = source;
    }

    /** What is wrong with the file, each with its place. */
    static List<String> breachesOf(Source source) {
        TidyRules rules = new TidyRules(source);
        rules.checkText();
        rules.new Walk().scan(source.tree(), null);
        return rules.breaches;
    }

    private void checkText() {
        List<String> lines = source.lines();
        if (lines.size() > MOST_LINES_OF_A_FILE) {
            breaches.add(source.path() + ": " + lines.size() + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            find(BANNED_EVERYWHERE, lines.get(i), i);
            if (source.isMain()) {
                find(BANNED_IN_MAIN, lines.get(i), i);
            }
        }
    }

    private void find(Pattern banned, String line, int index) {
        Matcher matcher = banned.matcher(line);
        if (matcher.find()) {
            breaches.add(source.path() + ":" + (index + 1) + ": " + matcher.group());
        }
    }

    private static Pattern words(String... words) {
        return Pattern.compile(Arrays.stream(words)
                .map(word -> Pattern.quote(word) + "\\b")
                .collect(Collectors.joining("|", "(?<!\\w)(?:", ")")));
    }

    private long lineOf(long position) {
        return source.tree().getLineMap().getLineNumber(position);
    }

    private void report(Tree tree, String what) {
        long start = source.positions().getStartPosition(source.tree(), tree);
        breaches.add(source.path() + ":" + lineOf(Math.max(0, start)) + ": " + what);
    }

    private final class Walk extends TreeScanner<@Nullable Void, @Nullable Void> {

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            String name = type.getSimpleName().toString();
            if (EMPTY_TYPE_NAME.matcher(name).matches()) {
                report(type, "a type named " + name);
            }
            if (type.getKind() == Tree.Kind.RECORD) {
                long components = type.getMembers().stream()
                        .filter(member -> member instanceof VariableTree field
                                && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                        .count();
                checkParameters(type, name, components);
            }
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
            String name = method.getName().toString();
            long start = source.positions().getStartPosition(source.tree(), method);
            long end = source.positions().getEndPosition(source.tree(), method);
            long lines = end < 0 ? 0 : lineOf(end) - lineOf(start) + 1;
            if (lines > MOST_LINES_OF_A_METHOD) {
                report(method, name + " has " + lines + " lines");
            }
            checkParameters(method, name, method.getParameters().size());
            if (isAccessor(method) && GETTER.matcher(name).matches() && !isOverride(method)) {
                report(method, "a method named " + name);
            }
            if (isOnDataPath() && method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
                report(method, name + " is synchronized, on the data path");
            }
            return super.visitMethod(method, null);
        }

        @Override
        public @Nullable Void visitSynchronized(SynchronizedTree block, @Nullable Void unused) {
            if (isOnDataPath()) {
                report(block, "a synchronized block on the data path");
            }
            return super.visitSynchronized(block, null);
        }

        @Override
        public @Nullable Void visitLambdaExpression(LambdaExpressionTree lambda, @Nullable Void unused) {
            checkParameters(lambda, "a lambda", lambda.getParameters().size());
            return super.visitLambdaExpression(lambda, null);
        }

        private void checkParameters(Tree tree, String name, long count) {
            if (count > MOST_PARAMETERS) {
                report(tree, name + " takes " + count + " parameters");
            }
        }

        private boolean isOnDataPath() {
            return source.isMain() && Arrows.DATA_PATH.contains(source.packageName());
        }

        private static boolean isAccessor(MethodTree method) {
            return method.getParameters().isEmpty();
        }

        /** The name is then not ours. */
        private static boolean isOverride(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
        }
    }
}
