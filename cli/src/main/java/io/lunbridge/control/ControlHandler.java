package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does what clients of the control socket ask for. */
public interface ControlHandler {

    /** What it knows: each verb with the names of its arguments. */
    Map<String, Set<String>> verbs();

    /**
     * Does it, on a thread of this request's own, for as long as that takes; several requests at once. A client that has
     * gone away meanwhile does not stop it.
     *
     * @return the results: strings, numbers, booleans, null, lists and maps of those
     * @throws CommandException which travels to the client with its exit code
     */
    Map<String, @Nullable Object> answer(ControlRequest request) throws CommandException, InterruptedException;
}
