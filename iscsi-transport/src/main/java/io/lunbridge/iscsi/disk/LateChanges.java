package io.lunbridge.iscsi.disk;

import io.lunbridge.block.ModificationGate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a command that changes the medium has been told as failed while the target may execute it still: its session is
 * lost, and no next one has put an end to what was left on it. Nothing on this session can overtake such a command, as
 * there is none; on the sessions of other lanes it can, so these are kept from writing until it is ruled out.
 */
final class LateChanges {

    private @Nullable ModificationGate gate;
    private Runnable askOthers = () -> {};
    private boolean possible;
    private boolean refusing;

    /**
     * There are other lanes.
     *
     * @param ask has them ask their unit who it is
     */
    void tell(ModificationGate gateOfAllLanes, Runnable ask) {
        gate = gateOfAllLanes;
        askOthers = ask;
    }

    /** Another unit may answer at the address, which is that of all lanes: none writes before this one is sure. */
    void doubted() {
        shut();
        askOthers.run();
    }

    /** That command is about to be told as failed, and nobody knows its outcome. */
    void note(DiskTask task) {
        if (task.mayHaveRun() && task.changesMedium()) {
            shut();
        }
    }

    private void shut() {
        if (!possible && gate != null) {
            possible = true;
            gate.hold();
        }
    }

    /** Nobody is to wait for the session's return. */
    void wontBeRuledOutSoon() {
        if (possible && !refusing && gate != null) {
            refusing = true;
            gate.refuse();
        }
    }

    /** The unit is the same, and its session a new one, for which the target has ended all tasks of the one before. */
    void ruledOut() {
        if (possible && gate != null) {
            if (refusing) {
                gate.admit();
            }
            gate.release();
        }
        possible = false;
        refusing = false;
    }
}
