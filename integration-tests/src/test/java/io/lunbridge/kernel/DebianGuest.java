package io.lunbridge.kernel;

import io.lunbridge.interop.Processes;
import io.lunbridge.interop.Processes.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Boots a whole Debian in the guest, with lunbridge installed in it, by {@code debian.sh}. */
final class DebianGuest {

    private DebianGuest() {}

    /** Boots it once for each of the stories, one after the other; each prints {@link Tap} lines, and so does the host. */
    static Outcome run(List<String> stories) {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                GuestProgram.resource("debian.sh").toString(),
                Guest.checkout().toString(),
                System.getProperty("java.home")));
        command.addAll(stories);
        return Processes.outcome(Guest.LIMIT, Guest.QUICK_START, command);
    }
}
