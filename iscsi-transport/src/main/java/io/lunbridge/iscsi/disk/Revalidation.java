package io.lunbridge.iscsi.disk;

import io.lunbridge.iscsi.recovery.NexusMember;
import io.lunbridge.iscsi.session.Session;

/**
 * Asks the unit behind a new session who it is before anything else is sent to it: an address is no identity. Another
 * disk there, however alike, must never see a write that was meant for the first.
 */
final class Revalidation implements DiskProbe.Outcome {

    private final ScsiDisk disk;
    private final Session session;
    private final NexusMember.Verdict verdict;

    private final boolean afterLogin;

    /**
     * A check that is about to be made.
     *
     * @param afterLogin whether the session is new: a unit that is not there then may still be on its way, but one that
     *     vanishes from a session has been taken away
     */
    Revalidation(ScsiDisk disk, Session session, NexusMember.Verdict verdict, boolean afterLogin) {
        this.afterLogin = afterLogin;
        this.disk = disk;
        this.session = session;
        this.verdict = verdict;
    }

    void start() {
        new DiskProbe(session, disk.lun(), this).start();
    }

    @Override
    public void learned(DiskInfo now) {
        DiskInfo before = disk.info();
        if (!before.identity().isSameUnitAs(now.identity())) {
            refuse("LUN " + disk.lun() + " is another unit than before: " + now.identity() + " in place of "
                    + before.identity());
        } else if (now.blockBytes() != before.blockBytes()) {
            refuse("LUN " + disk.lun() + " has blocks of " + now.blockBytes() + " bytes in place of "
                    + before.blockBytes());
        } else {
            disk.learn(now);
            verdict.usable();
        }
    }

    private void refuse(String why) {
        disk.access().standing().absent(why);
        verdict.refused(why);
    }

    @Override
    public void failed(DiskException cause) {
        String why = String.valueOf(cause.getMessage());
        switch (cause.kind()) {
            case NOT_A_DISK, UNSUPPORTED_FORMAT -> refuse(why);
            case NO_SUCH_LUN -> missing(why);
            case NOT_READY, REFUSED -> {
                disk.access().standing().troubled(why);
                verdict.notYet(why);
            }
            case SESSION_LOST -> verdict.notYet(why);
        }
    }

    private void missing(String why) {
        if (afterLogin || disk.quirksOfTarget().lunsMove()) {
            disk.access().standing().absent(why);
            verdict.notYet(why);
        } else {
            refuse(why);
        }
    }
}
