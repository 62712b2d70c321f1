package io.lunbridge.devices;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of {@link DeviceState}s. */
final class StateFiles {

    private final JsonFiles files;

    /** @param directory made where it is missing */
    StateFiles(Path directory) throws IOException {
        files = new JsonFiles(directory);
    }

    /** All that can be read. What cannot is put aside, with a line in the log. */
    List<DeviceState> read() throws IOException {
        List<DeviceState> states = new ArrayList<>();
        files.read((id, content) -> {
            DeviceState state = DeviceState.fromMap(content);
            if (!state.id().equals(id)) {
                throw new IllegalArgumentException("it is of another device, " + state.id());
            }
            states.add(state);
        });
        return states;
    }

    /** Replaces the device's file. When this returns it is on the medium. */
    void write(DeviceState state) throws IOException {
        files.write(state.id(), state.toMap());
    }

    /** Removes the device's file, if there is one. */
    void delete(String id) throws IOException {
        files.delete(id);
    }

    /** Keeps the device's file out of the next daemon's way, but keeps it. */
    void putAside(String id) throws IOException {
        files.putAside(id);
    }
}
