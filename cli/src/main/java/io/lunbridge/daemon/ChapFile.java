package io.lunbridge.daemon;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that a file holds. Its lines are {@code key = value}; empty ones and those that begin with {@code #}
 * are passed over:
 *
 * <pre>
 *  username = joe
 *  password = twelve bytes or more
 *  target-username = storage
 *  target-password-hex = 00112233445566778899aabbccddeeff
 * </pre>
 */
final class ChapFile {

    private static final int MAX_BYTES = 64 << 10;
    private static final String HEX = "-hex";
    private static final Set<String> KEYS = Set.of(
            "username", "password", "password" + HEX, "target-username", "target-password", "target-password" + HEX);
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private ChapFile() {}

    /** Reads the file, which nobody but its owner may read. No message holds a secret. */
    static ChapCredentials read(Path file) throws CommandException {
        try {
            checkPrivate(file);
            if (Files.size(file) > MAX_BYTES) {
                throw usage(file, "is too large for a file of credentials");
            }
            return parse(file, Files.readString(file));
        } catch (CharacterCodingException e) {
            throw usage(file, "is no UTF-8; write a binary secret as password-hex");
        } catch (AccessDeniedException e) {
            throw new CommandException(ExitCode.NOT_PERMITTED, "--chap-file " + file + " may not be read", e);
        } catch (IOException e) {
            throw new CommandException(ExitCode.USAGE, "--chap-file " + file + " cannot be read; check the name", e);
        }
    }

    private static void checkPrivate(Path file) throws IOException, CommandException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.stream().anyMatch(OTHERS::contains)) {
            throw usage(
                    file,
                    "is open to others (" + PosixFilePermissions.toString(permissions)
                            + "); chmod 600 makes it private");
        }
    }

    private static ChapCredentials parse(Path file, String text) throws CommandException {
        Map<String, String> values = new HashMap<>();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            String pair = line.strip();
            if (!pair.isEmpty() && !pair.startsWith("#")) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? "" : pair.substring(0, equals).strip();
                if (!KEYS.contains(key)) {
                    throw usage(file, "has no known key in line " + number);
                }
                if (values.put(key, pair.substring(equals + 1).strip()) != null) {
                    throw usage(file, "has " + key + " twice");
                }
            }
        }
        try {
            return new ChapCredentials(credential(values, ""), credential(values, "target-"));
        } catch (IllegalArgumentException e) {
            throw usage(file, "is of no use: " + e.getMessage());
        }
    }

    private static @Nullable ChapCredential credential(Map<String, String> values, String prefix) {
        String user = values.get(prefix + "username");
        String text = values.get(prefix + "password");
        String hex = values.get(prefix + "password" + HEX);
        if (user == null && text == null && hex == null) {
            return null;
        }
        if (user == null || (text == null) == (hex == null)) {
            throw new IllegalArgumentException(
                    "it needs " + prefix + "username, and either " + prefix + "password or " + prefix + "password-hex");
        }
        return text == null ? ChapCredential.ofHex(user, String.valueOf(hex)) : ChapCredential.ofText(user, text);
    }

    private static CommandException usage(Path file, String what) {
        return new CommandException(ExitCode.USAGE, "--chap-file " + file + " " + what);
    }
}
