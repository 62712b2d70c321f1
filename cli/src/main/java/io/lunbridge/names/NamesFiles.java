package io.lunbridge.names;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for each device that is attached or about to be, called as its backend identifier (or, where that is no file
 * name, by a number made of it), in the form that udev's {@code IMPORT{file}} takes: {@code KEY="value"}, where only the
 * outermost quotes mean anything.
 *
 * @param directory {@code /run/lunbridge/names}; made when it is needed
 */
record NamesFiles(Path directory) {

    /** Tells a device that udev has taken the names from here; its value is the backend identifier. */
    static final String MARK = "LUNBRIDGE_BACKEND";

    private static final Logger LOG = LoggerFactory.getLogger(NamesFiles.class);

    void write(String backend, DeviceNames names) throws IOException {
        StringBuilder lines = new StringBuilder();
        lines.append(MARK).append("=\"").append(backend).append("\"\n");
        names.properties()
                .forEach((name, value) ->
                        lines.append(name).append("=\"").append(value).append("\"\n"));
        var unused = Files.createDirectories(directory);
        Path temporary = directory.resolve("." + file(backend).getFileName());
        Files.writeString(temporary, lines);
        var unusedMoved = Files.move(
                temporary, file(backend), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void remove(String backend) {
        try {
            boolean unused = Files.deleteIfExists(file(backend));
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", file(backend), e.toString());
        }
    }

    /** All of them, by backend identifier. */
    Map<String, DeviceNames> readAll() {
        Map<String, DeviceNames> all = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*")) {
            for (Path file : files) {
                Map<String, String> properties = read(file);
                String backend = properties.remove(MARK);
                if (backend != null) {
                    all.put(backend, new DeviceNames(properties));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return all;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} cannot be read: {}", directory, e.toString());
        }
        return all;
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String line :
                Files.readString(file, StandardCharsets.UTF_8).lines().toList()) {
            int equals = line.indexOf("=\"");
            if (equals > 0 && line.length() > equals + 2 && line.endsWith("\"")) {
                properties.put(line.substring(0, equals), line.substring(equals + 2, line.length() - 1));
            }
        }
        return properties;
    }

    private Path file(String backend) {
        boolean isName = backend.matches("[0-9A-Za-z][0-9A-Za-z-]*");
        return directory.resolve(isName ? backend : "other-" + Integer.toHexString(backend.hashCode()));
    }
}
