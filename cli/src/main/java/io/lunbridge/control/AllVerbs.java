package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verbs of several handlers, no two of which have the same. */
final class AllVerbs implements ControlHandler {

    private final List<ControlHandler> handlers;

    AllVerbs(ControlHandler... handlers) {
        this.handlers = List.of(handlers);
    }

    @Override
    public Map<String, Set<String>> verbs() {
        Map<String, Set<String>> verbs = new LinkedHashMap<>();
        handlers.forEach(handler -> verbs.putAll(handler.verbs()));
        return verbs;
    }

    @Override
    public Map<String, @Nullable Object> answer(ControlRequest request) throws CommandException, InterruptedException {
        for (ControlHandler handler : handlers) {
            if (handler.verbs().containsKey(request.verb())) {
                return handler.answer(request);
            }
        }
        throw new IllegalStateException(request.verb());
    }
}
