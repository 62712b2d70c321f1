package io.lunbridge.iscsi.disk;

import io.lunbridge.scsi.Doubt;
import io.lunbridge.scsi.SenseData;
import io.lunbridge.scsi.SenseKey;
import io.lunbridge.scsi.UnitAttention;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts on what a unit tells unasked, by unit attentions and asynchronous messages: asks again what has become doubtful,
 * one round at a time, and tells people what only they can act on.
 *
 * <p>While it is in doubt which unit this is, its commands are held; everything else is asked beside them.
 */
final class Attentions implements DiskProbe.Outcome {

    private static final Logger LOG = LoggerFactory.getLogger(Attentions.class);

    /** Time between a round that failed and the next one, and between looks at a unit that became write-protected. */
    private static final int PATIENCE_SECONDS = 10;

    /** What a target may change without telling. */
    private static final Set<Doubt> ROUTINE = Set.of(Doubt.IDENTITY, Doubt.CAPACITY, Doubt.MODE);

    private final ScsiDisk disk;
    private final EnumSet<Doubt> doubts = EnumSet.noneOf(Doubt.class);
    private boolean asking;

    /** Whether what is being asked was not in doubt. */
    private boolean routine;

    private boolean waiting;

    Attentions(ScsiDisk disk) {
        this.disk = disk;
    }

    /** The target tells of the unit without a command (RFC 7143 section 11.9.1, event 0). */
    void event(SenseData sense) {
        if (sense.deferred()) {
            disk.contentDoubtful();
            disk.unflushed().lost(sense.toString());
        } else if (sense.key() == SenseKey.UNIT_ATTENTION) {
            attention(sense);
        }
    }

    /** A unit attention came; its command is repeated by whoever sent it. */
    void attention(SenseData sense) {
        UnitAttention news = UnitAttention.of(sense.additional());
        LOG.info("{}: {} ({})", disk, sense, news);
        disk.counters().attention(news);
        disk.contentDoubtful();
        tellPeople(news, sense);
        if (news == UnitAttention.REPORTED_LUNS_CHANGED) {
            disk.access().tellUnitsChanged();
        }
        if (news.doubts().contains(Doubt.IDENTITY)) {
            disk.access().doubtIdentity(sense.toString());
        } else {
            doubt(news.doubts());
        }
    }

    private void tellPeople(UnitAttention news, SenseData sense) {
        switch (news.loss()) {
            case NONE -> {}
            case RESERVATIONS -> LOG.debug("{}: reservations may be lost: {}", disk, sense);
            case PATH -> LOG.warn("{}: the state of the path has changed: {}", disk, sense);
            case SPACE -> LOG.warn("{}: the thin provisioned unit is running out of space", disk);
            case HEALTH -> LOG.warn("{}: the unit warns of its health: {}", disk, sense);
        }
    }

    /** Asks these again, now or after the round that is under way. */
    void doubt(Set<Doubt> more) {
        doubts.addAll(more);
        askIfDue();
    }

    /** Asks these again in a while. */
    void doubtLater(Set<Doubt> more) {
        doubts.addAll(more);
        wait(PATIENCE_SECONDS);
    }

    private void askIfDue() {
        if (asking || waiting || doubts.isEmpty() || !disk.access().isOpen()) {
            return;
        }
        Set<Doubt> asked = EnumSet.copyOf(doubts);
        doubts.clear();
        ask(asked, false);
    }

    /** Asks though nothing is in doubt; not while anything is. That it fails is no news then. */
    void recheck() {
        if (!asking && doubts.isEmpty() && disk.access().isOpen()) {
            ask(ROUTINE, true);
        }
    }

    private void ask(Set<Doubt> asked, boolean asRoutine) {
        asking = true;
        routine = asRoutine;
        new DiskProbe(disk, asked, this).start();
    }

    private void wait(int seconds) {
        if (!waiting) {
            waiting = true;
            var unused = disk.eventLoop().schedule(this::waited, seconds, TimeUnit.SECONDS);
        }
    }

    private void waited() {
        waiting = false;
        askIfDue();
    }

    @Override
    public void learned(DiskInfo now) {
        asking = false;
        if (!disk.access().isOpen()) {
            return;
        }
        DiskInfo before = disk.info();
        if (!now.identity().isSameUnitAs(before.identity())) {
            disk.access().doubtIdentity("it names itself otherwise than before");
            return;
        }
        if (now.blockBytes() != before.blockBytes()) {
            disk.access().doubtIdentity("it is formatted otherwise than before");
            return;
        }
        disk.learn(now);
        askIfDue();
    }

    /** A session that is lost leaves nothing to ask: the next one is asked everything. */
    @Override
    public void failed(DiskException cause) {
        asking = false;
        if (!disk.access().isOpen()) {
            return;
        }
        switch (cause.kind()) {
            case NO_SUCH_LUN, NOT_A_DISK, UNSUPPORTED_FORMAT ->
                disk.access().doubtIdentity(String.valueOf(cause.getMessage()));
            case NOT_READY, REFUSED, SESSION_LOST -> failedForNow(cause);
        }
    }

    private void failedForNow(DiskException cause) {
        if (routine) {
            LOG.debug("{}: cannot be asked now: {}", disk, cause.getMessage());
            askIfDue();
        } else {
            LOG.warn("{}: cannot ask again what has changed: {}", disk, cause.getMessage());
            doubtLater(EnumSet.complementOf(EnumSet.of(Doubt.IDENTITY)));
        }
    }
}
