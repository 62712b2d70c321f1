package io.lunbridge.records;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code initiatorname.iscsi} says (M-91).
 *
 * @param name what this host calls itself at targets; null where the file does not say
 * @param alias what it calls itself for people; null where the file does not say, and open-iscsi then takes the host name
 */
public record InitiatorNameFile(
        @Nullable String name, @Nullable String alias) {

    /** Of this host; of a file that cannot be read, nothing. */
    public static InitiatorNameFile read(RecordPaths paths) {
        String name = null;
        String alias = null;
        try {
            for (String line : RecordFiles.text(paths.initiatorName()).lines().toList()) {
                int equals = line.indexOf('=');
                String value = equals < 0 ? "" : line.substring(equals + 1).strip();
                String key = equals < 0 ? "" : line.substring(0, equals).strip();
                if (value.isEmpty()) {
                    continue;
                }
                if (key.equals("InitiatorName") && name == null) {
                    name = value;
                } else if (key.equals("InitiatorAlias") && alias == null) {
                    alias = value;
                }
            }
        } catch (IOException e) {
            // As where there is none: whoever needs the name says that it is missing.
        }
        return new InitiatorNameFile(name, alias);
    }
}
