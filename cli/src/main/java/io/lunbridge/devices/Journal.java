package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device's state as the next process will find it: what is known here is in the file, until there is no file. */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final StateFiles files;
    private volatile DeviceState state;
    private boolean ended;

    /** @param state which is in the file already, or is not written before the first {@link #note} */
    Journal(StateFiles files, DeviceState state) {
        this.files = files;
        this.state = state;
    }

    /** Any thread; does not wait for a file. */
    DeviceState state() {
        return state;
    }

    /** Changes the state. It is on the medium when this returns. Without effect when the journal has ended. */
    synchronized void note(UnaryOperator<DeviceState> change) throws CommandException {
        if (ended) {
            return;
        }
        DeviceState next = change.apply(state);
        try {
            files.write(next);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILURE, "the device's state cannot be written (" + e + "); make room in /run", e);
        }
        state = next;
    }

    /** Nothing more is written; the file stays for the next process. */
    synchronized void end() {
        ended = true;
    }

    /** The device is none any more. */
    synchronized void erase() {
        ended = true;
        try {
            files.delete(state.id());
        } catch (IOException e) {
            LOG.warn("the state file of a device that is gone stays: {}", e.toString());
        }
    }

    /** Nobody can go on from that state. The file is kept under another name. */
    synchronized void putAside() {
        ended = true;
        try {
            files.putAside(state.id());
        } catch (IOException e) {
            LOG.warn("the state file of a device cannot be put aside: {}", e.toString());
        }
    }
}
