package io.lunbridge.host;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the program's jars in memory: mapped, read, and, as everything is locked, never dropped. So a class that is needed
 * for the first time while a disk is gone, in its recovery above all, is loaded without reading any disk.
 */
final class CodeFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CodeFiles.class);

    /** Who maps a file keeps the mapping as long as this is reachable. */
    private static final List<MappedByteBuffer> KEPT = new ArrayList<>();

    private CodeFiles() {}

    /**
     * Loads the jars of a class path, and those in {@code lib} beside each. What cannot be read is left out.
     *
     * @return how many bytes are kept by now
     */
    static long load(String classPath) {
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar")) {
                keep(jar);
                jarsIn(jar.resolveSibling("lib")).forEach(CodeFiles::keep);
            }
        }
        long keptBytes = KEPT.stream().mapToLong(MappedByteBuffer::capacity).sum();
        LOG.debug("{} bytes of code are kept in memory", keptBytes);
        return keptBytes;
    }

    private static List<Path> jarsIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static void keep(Path jar) {
        try (FileChannel file = FileChannel.open(jar, StandardOpenOption.READ)) {
            KEPT.add(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()).load());
        } catch (IOException e) {
            LOG.debug("not kept in memory: {}", jar, e);
        }
    }
}
