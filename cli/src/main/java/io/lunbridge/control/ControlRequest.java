package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client asks for.
 *
 * @param verb one that the handler knows
 * @param arguments those given, all of names that the handler knows for this verb; the values are JSON's: strings, numbers,
 *     booleans, lists, maps
 */
public record ControlRequest(String verb, Map<String, Object> arguments) {

    /** An argument that has to be there, as text. */
    public String text(String name) throws CommandException {
        if (arguments.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "text");
    }

    /** An argument that may be missing, and then is no. */
    public boolean flag(String name) throws CommandException {
        Object value = arguments.getOrDefault(name, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    /** An argument that may be missing, and then is 0. */
    public int number(String name) throws CommandException {
        Object value = arguments.getOrDefault(name, 0);
        if (value instanceof Integer number && number >= 0) {
            return number;
        }
        throw wrong(name, "a number");
    }

    /** An argument that has to be there, as an object. */
    public Map<String, Object> object(String name) throws CommandException {
        if (arguments.get(name) instanceof Map<?, ?> map) {
            Map<String, Object> object = new LinkedHashMap<>();
            map.forEach((key, value) -> object.put(String.valueOf(key), value));
            return object;
        }
        throw wrong(name, "an object");
    }

    private CommandException wrong(String name, String form) {
        return new CommandException(
                ExitCode.USAGE, "the argument '" + name + "' of '" + verb + "' is missing or not " + form);
    }
}
