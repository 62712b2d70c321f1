package io.lunbridge.compliance;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure says, in a line of a table. */
final class Complaint {

    /** What was wrong on the wire comes before what came of it. */
    private static final String OF_THE_SCRIPT = "the script failed: ";

    private static final int MOST_CHARS = 110;

    private Complaint() {}

    static String of(@Nullable Throwable failure) {
        if (failure == null) {
            return "";
        }
        String text = ofTheScript(failure);
        String line = (text == null ? message(failure) : text).strip().replaceAll("\\s+", " ");
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS) + "…";
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static @Nullable String ofTheScript(Throwable failure) {
        Set<Throwable> seen = new HashSet<>();
        Deque<Throwable> open = new ArrayDeque<>();
        open.add(failure);
        while (!open.isEmpty()) {
            Throwable next = open.remove();
            String message = Objects.requireNonNullElse(next.getMessage(), "");
            if (message.startsWith(OF_THE_SCRIPT)) {
                return message.substring(OF_THE_SCRIPT.length());
            }
            if (seen.add(next)) {
                open.addAll(Arrays.asList(next.getSuppressed()));
                if (next.getCause() != null) {
                    open.add(next.getCause());
                }
            }
        }
        return null;
    }
}
