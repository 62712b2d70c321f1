package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.devices.Devices;
import io.lunbridge.devices.SessionDevice;
import io.lunbridge.devices.SessionHold;
import io.lunbridge.devices.Threads;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.sessions.SessionNote.Phase;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session from its login to its logout, over all processes. Its operations come one after the other. */
final class NodeSession {

    private static final Logger LOG = LoggerFactory.getLogger(NodeSession.class);

    private final Devices devices;
    private final SessionFiles files;
    private final SessionHold hold;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile SessionNote note;
    private volatile @Nullable Thread returning;
    private volatile boolean over;
    private final AtomicBoolean looking = new AtomicBoolean();

    private NodeSession(Devices devices, SessionFiles files, SessionHold hold, SessionNote note) {
        this.devices = devices;
        this.files = files;
        this.hold = hold;
        this.note = note;
    }

    /** Logs in. Leaves nothing if that fails. */
    static NodeSession logIn(Devices devices, SessionFiles files, NodeSettings node)
            throws CommandException, InterruptedException {
        SessionHold hold = devices.hold(node, null);
        try {
            Nexus nexus = FirstLogin.run(hold, node);
            Phase phase = node.scans() ? Phase.SCANNING : Phase.UP;
            SessionNote note = new SessionNote(node, hold.identity(), phase, List.of());
            files.write(note);
            LOG.info("{} is operational now", connection(node));
            NodeSession session = new NodeSession(devices, files, hold, note);
            session.watch(nexus);
            return session;
        } catch (CommandException | InterruptedException | RuntimeException e) {
            hold.close();
            throw e;
        }
    }

    /** Goes on with what an earlier process has left, on a thread of its own: back to the target, then what was under way. */
    static NodeSession resume(Devices devices, SessionFiles files, SessionNote note) throws CommandException {
        NodeSession session = new NodeSession(devices, files, devices.hold(note.node(), note.identity()), note);
        session.returning = Threads.start("return-sid-" + note.node().sid(), session::comeBack);
        return session;
    }

    /** As open-iscsi's daemon names it in its log (M-132). */
    private static String connection(NodeSettings node) throws CommandException {
        HostPort portal = node.portal();
        return "Connection" + node.sid() + ":0 to [target: " + node.targetName() + ", portal: " + portal.host() + ","
                + portal.port() + "] through [iface: " + node.ifaceName() + "]";
    }

    private void watch(Nexus nexus) {
        nexus.eventLoop().execute(() -> SessionWatch.start(nexus, this));
    }

    private void comeBack() {
        try {
            if (!FirstLogin.again(hold, note.node())) {
                end();
                return;
            }
            Nexus nexus = hold.nexus();
            if (nexus != null) {
                watch(nexus);
            }
            if (note.phase() == Phase.SCANNING) {
                scan();
            } else if (note.phase() == Phase.LEAVING) {
                logOut(true);
            }
        } catch (CommandException e) {
            LOG.warn("{}: {}", note.node(), e.sentence());
        } catch (InterruptedException e) {
            LOG.debug("{}: nobody waits for its return any more", note.node());
        }
    }

    SessionNote note() {
        return note;
    }

    Devices devices() {
        return devices;
    }

    /** The bond with the target; null where this process has not logged in yet. */
    @Nullable
    Nexus nexus() {
        return hold.nexus();
    }

    /** Whether it has been logged out of. */
    boolean isOver() {
        return over;
    }

    /** Attaches the LUNs that are not attached yet, and asks the others for their size (M-42). */
    void scan() throws CommandException, InterruptedException {
        turn.lockInterruptibly();
        try {
            requireNotOver();
            Nexus nexus = hold.nexus();
            if (nexus == null) {
                throw IscsiError.NOT_CONNECTED.because(note.node() + " has no connection with its target now");
            }
            devices.recheckSession(note.node().sid());
            List<Integer> luns = LunScan.run(devices, note.node(), nexus);
            write(note.plus(luns).with(Phase.UP));
        } finally {
            turn.unlock();
        }
    }

    /** What was asked for while a logout was under way comes too late: there is no such session any more. */
    private void requireNotOver() throws CommandException {
        if (over) {
            throw IscsiError.SESSION_NOT_FOUND.because(note.node() + " is over");
        }
    }

    /**
     * Takes the devices away and logs out, also where the target does not answer (U-3).
     *
     * @param safe whether a device that is in use prevents it
     */
    void logOut(boolean safe) throws CommandException, InterruptedException {
        turn.lockInterruptibly();
        try {
            requireNotOver();
            write(note.with(Phase.LEAVING));
            detach(safe);
            over = true;
            hold.close();
            files.delete(note.node().sid());
            LOG.info("{} is shutdown.", connection(note.node()));
        } finally {
            turn.unlock();
        }
        Thread waiting = returning;
        if (waiting != null && !waiting.equals(Thread.currentThread())) {
            waiting.interrupt();
        }
    }

    /**
     * The target has other LUNs than before, or may have (M-126, U-13): those that are new are attached, those that are not
     * there any more are detached where nobody uses them. Any thread; does not wait for it.
     */
    void unitsChanged() {
        if (note.node().scans() && !over && looking.compareAndSet(false, true)) {
            Threads.start("look-sid-" + note.node().sid(), this::look);
        }
    }

    private void look() {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            return;
        }
        try {
            looking.set(false);
            Nexus nexus = hold.nexus();
            if (over || nexus == null) {
                return;
            }
            LOG.info("{}: the target tells of other LUNs; looking for them", note.node());
            List<Integer> luns = LunScan.run(devices, note.node(), nexus);
            write(note.withLuns(luns));
            for (SessionDevice device : devices.ofSession(note.node().sid())) {
                if (!luns.contains(device.lun())) {
                    dropVanished(device);
                }
            }
        } catch (CommandException e) {
            LOG.warn("{}: its LUNs are not known: {}", note.node(), e.sentence());
        } catch (InterruptedException e) {
            LOG.debug("{}: nobody looks for LUNs any more", note.node());
        } finally {
            turn.unlock();
        }
    }

    private void dropVanished(SessionDevice device) throws InterruptedException {
        try {
            devices.detachVanished(note.node().sid(), device.lun());
            LOG.warn("{} is detached, as the target has no LUN {} any more", device.device(), device.lun());
        } catch (CommandException e) {
            LOG.warn("the target has no LUN {} any more, but: {}", device.lun(), e.sentence());
        }
    }

    /** The target is given up (M-122): what is in flight has failed, and nothing is left of the session. Any thread. */
    void giveUp() {
        Threads.start("end-sid-" + note.node().sid(), this::end);
    }

    private void end() {
        try {
            logOut(false);
        } catch (CommandException e) {
            LOG.warn("{}: {}", note.node(), e.sentence());
        } catch (InterruptedException e) {
            LOG.debug("{}: its end is left to the next process", note.node());
        }
    }

    private void detach(boolean safe) throws CommandException, InterruptedException {
        try {
            devices.detachSession(note.node().sid(), safe);
        } catch (CommandException e) {
            write(note.with(Phase.UP));
            throw e.exitCode() == ExitCode.BUSY ? IscsiError.BUSY.because(e.sentence(), e) : e;
        }
    }

    private void write(SessionNote next) throws CommandException {
        files.write(next);
        note = next;
    }
}
