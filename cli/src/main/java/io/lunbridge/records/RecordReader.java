package io.lunbridge.records;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads record files. One that is no record is told of and passed over (U-1). */
final class RecordReader {

    /** More than any record has. */
    private static final long MAX_BYTES = 1 << 20;

    private final Consumer<String> warnings;

    /** @param warnings told of what is wrong, a sentence each that names the file */
    RecordReader(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /**
     * Its values over the compiled defaults; null where there is no such file, or none that can be used.
     *
     * @param needed keys that a whole record has
     */
    @Nullable
    Values read(Path file, RecordKind kind, String... needed) {
        try {
            if (file.toFile().length() > MAX_BYTES) {
                return passedOver(file, "it is too large");
            }
            Consumer<String> aboutFile = warning -> warnings.accept(file + ": " + warning);
            RecordText text = RecordText.parse(RecordFiles.text(file), aboutFile);
            if (text.lines().isEmpty()) {
                return passedOver(file, "it is empty");
            }
            if (text.isCutOff()) {
                return passedOver(file, "its end is missing");
            }
            Values values = Values.presets(kind).read(text.lines(), true, aboutFile);
            for (String key : needed) {
                if (values.value(key).isEmpty()) {
                    return passedOver(file, "it has no " + key);
                }
            }
            return values;
        } catch (NoSuchFileException | FileNotFoundException e) {
            return null; // Somebody removed it meanwhile.
        } catch (IOException e) {
            return passedOver(file, RecordFiles.sentence(e));
        }
    }

    private @Nullable Values passedOver(Path file, String why) {
        warnings.accept("Passed over the record " + file + ": " + why);
        return null;
    }
}
