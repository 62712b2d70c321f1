package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.devices.JsonFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of {@link SessionNote}s, and the last sid that was given: no other session has it before a reboot (S-45). */
final class SessionFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SessionFiles.class);
    private static final String LAST = "last";
    private static final String SID = "sid";

    private final JsonFiles files;
    private int lastSid;

    /** @param directory made where it is missing */
    SessionFiles(Path directory) throws IOException {
        files = new JsonFiles(directory);
    }

    /** All sessions that an earlier process had. */
    synchronized List<SessionNote> read() throws IOException {
        List<SessionNote> notes = new ArrayList<>();
        files.read((id, content) -> {
            if (id.equals(LAST)) {
                lastSid = Math.max(lastSid, Integer.parseInt(String.valueOf(content.get(SID))));
                return;
            }
            SessionNote note = SessionNote.fromMap(content);
            if (!id.equals(String.valueOf(note.node().sid()))) {
                throw new IllegalArgumentException("it is of another session, " + note.node());
            }
            notes.add(note);
        });
        notes.forEach(note -> lastSid = Math.max(lastSid, note.node().sid()));
        return notes;
    }

    /** A sid for a new session. */
    synchronized int takeSid() throws CommandException {
        write(LAST, Map.of(SID, lastSid + 1));
        return ++lastSid;
    }

    /** The session did not come about. */
    synchronized void giveBack(int sid) throws CommandException {
        if (sid == lastSid) {
            write(LAST, Map.of(SID, lastSid - 1));
            lastSid--;
        }
    }

    /** It is on the medium when this returns. */
    void write(SessionNote note) throws CommandException {
        write(String.valueOf(note.node().sid()), note.toMap());
    }

    private void write(String id, Map<String, Object> content) throws CommandException {
        try {
            files.write(id, content);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILURE, "the session's state cannot be written (" + e + "); make room in /run", e);
        }
    }

    void delete(int sid) {
        try {
            files.delete(String.valueOf(sid));
        } catch (IOException e) {
            LOG.warn("the state file of a session that is over stays: {}", e.toString());
        }
    }
}
