package io.lunbridge.interop;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides for {@link NeedsTools}. */
final class NeededTools implements ExecutionCondition {

    private static final boolean REQUIRED = "required".equals(System.getenv("LUNBRIDGE_TOOLS"));

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = AnnotationSupport.findAnnotation(context.getElement(), NeedsTools.class)
                .map(annotation -> Stream.of(annotation.value())
                        .filter(tool -> !isOnPath(tool))
                        .toList())
                .orElse(List.of());
        if (missing.isEmpty() || REQUIRED) {
            return ConditionEvaluationResult.enabled("every tool is there, or has to be");
        }
        return ConditionEvaluationResult.disabled("not installed: " + String.join(", ", missing));
    }

    private static boolean isOnPath(String tool) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator)).anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
    }
}
