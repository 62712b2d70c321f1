package io.lunbridge.control;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunUrl;
import io.lunbridge.devices.AttachSpec;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A device that an administrator has configured: {@code /etc/lunbridge/devices/NAME.conf}. Its lines are {@code key =
 * value}; empty ones and those that begin with {@code #} are passed over:
 *
 * <pre>
 *  url = iscsi://192.0.2.1/iqn.2026-01.org.example:disk/1
 *  startup = automatic
 *  replacement-timeout = 86400
 *  chap-file = /etc/lunbridge/chap/disk
 * </pre>
 *
 * @param name of the file, without its ending
 * @param automatic whether the daemon attaches it when it starts
 * @param spec what to attach; null if the file has mistakes
 * @param mistakes a line for the user each: file, line number, what is wrong
 */
public record DeviceConfiguration(
        String name, boolean automatic, @Nullable AttachSpec spec, List<String> mistakes) {

    private static final String ENDING = ".conf";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@:+-][A-Za-z0-9._@:+-]{0,100}");
    private static final int MAX_BYTES = 64 << 10;
    private static final String STARTUP = "startup";
    private static final String URL = "url";
    private static final String CHAP_FILE = "chap-file";

    /** To try other settings with. */
    private static final String ANY_URL = "iscsi://localhost/iqn.2026-11.io.lunbridge:any/0";

    /** What a file may not say: it is for what goes from process to process. */
    private static final Set<String> INTERNAL =
            Set.of("version", "chap-user", "chap-secret-hex", "chap-target-user", "chap-target-secret-hex");

    private record Setting(int line, String value) {}

    /** The LUN; null if the file has mistakes. */
    public @Nullable LunUrl url() {
        return spec == null ? null : spec.disk().url();
    }

    /** Reads one. */
    public static DeviceConfiguration read(Path directory, String name) throws CommandException {
        if (!NAME.matcher(name).matches()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "'" + name + "' is no name of a configured device; letters, digits and ._@:+- make one");
        }
        Path file = directory.resolve(name + ENDING);
        try {
            if (Files.size(file) > MAX_BYTES) {
                return wrong(name, List.of(file + ": too large for a file of settings"));
            }
            return parse(file, name, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "there is no " + file + "; the configured devices are: "
                            + (names(directory).isEmpty() ? "none" : String.join(", ", names(directory))),
                    e);
        } catch (CharacterCodingException e) {
            return wrong(name, List.of(file + ": is no UTF-8"));
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILURE, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Those that there are, in order; none if there is no such directory. */
    public static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> file.endsWith(ENDING))
                    .map(file -> file.substring(0, file.length() - ENDING.length()))
                    .filter(name -> NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static DeviceConfiguration wrong(String name, List<String> mistakes) {
        return new DeviceConfiguration(name, false, null, List.copyOf(mistakes));
    }

    static DeviceConfiguration parse(Path file, String name, String text) throws IOException {
        List<String> mistakes = new ArrayList<>();
        Map<String, Setting> settings = settings(file, text, mistakes);
        Setting startup = settings.remove(STARTUP);
        boolean automatic = startup != null && startup.value.equals("automatic");
        if (startup != null && !automatic && !startup.value.equals("manual")) {
            mistakes.add(at(file, startup.line) + "'" + startup.value + "' is neither automatic nor manual");
        }
        AttachSpec spec = mistakes.isEmpty() ? spec(file, settings, mistakes) : null;
        return mistakes.isEmpty() ? new DeviceConfiguration(name, automatic, spec, List.of()) : wrong(name, mistakes);
    }

    private static Map<String, Setting> settings(Path file, String text, List<String> mistakes) {
        Set<String> known = new TreeSet<>(AttachSpec.KEYS);
        known.removeAll(INTERNAL);
        known.add(STARTUP);
        Map<String, Setting> settings = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            String pair = line.strip();
            if (pair.isEmpty() || pair.startsWith("#")) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            if (equals < 0 || value.isEmpty()) {
                mistakes.add(at(file, number) + "a line is 'key = value'");
            } else if (!known.contains(key)) {
                mistakes.add(at(file, number) + "there is no '" + key + "'; the keys are " + String.join(", ", known));
            } else if (settings.putIfAbsent(key, new Setting(number, value)) != null) {
                mistakes.add(at(file, number) + key + " is there twice");
            }
        }
        return settings;
    }

    private static @Nullable AttachSpec spec(Path file, Map<String, Setting> settings, List<String> mistakes)
            throws IOException {
        Setting url = settings.get(URL);
        if (url == null) {
            mistakes.add(file + ": there is no url");
            return null;
        }
        if (hasSecret(url.value) && isOpenToOthers(file)) {
            mistakes.add(at(file, url.line) + "there is a secret in the url, and others may read the file;"
                    + " chmod 600 makes it private, or take a chap-file");
            return null;
        }
        // Each alone, so that the line of a mistake is known; then all together.
        Map<String, String> all = new LinkedHashMap<>();
        settings.forEach((key, setting) -> {
            all.put(
                    key,
                    key.equals(CHAP_FILE) ? file.resolveSibling(setting.value).toString() : setting.value);
            String mistake = mistake(key, all.get(key));
            if (mistake != null) {
                mistakes.add(at(file, setting.line) + mistake);
            }
        });
        if (!mistakes.isEmpty()) {
            return null;
        }
        try {
            return AttachSpec.fromMap(all);
        } catch (CommandException e) {
            mistakes.add(file + ": " + e.sentence());
            return null;
        }
    }

    private static @Nullable String mistake(String key, @Nullable String value) {
        try {
            if (key.equals(URL)) {
                LunUrl unused = LunUrl.parse(String.valueOf(value));
            } else {
                AttachSpec unused = AttachSpec.fromMap(Map.of(URL, ANY_URL, key, String.valueOf(value)));
            }
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        } catch (CommandException e) {
            return e.sentence();
        }
    }

    private static boolean hasSecret(String url) {
        return url.matches("[^/]*//[^/]*%[^/]*@.*");
    }

    private static boolean isOpenToOthers(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        return permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ);
    }

    private static String at(Path file, int line) {
        return file + ":" + line + ": ";
    }
}
