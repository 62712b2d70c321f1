package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.devices.DeviceState.Served;
import io.lunbridge.devices.KernelSide.Link;
import io.lunbridge.nbd.kernel.AttachOptions;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device's way from an earlier process into this one: first the kernel gets a new socket, so that its requests are taken
 * and wait; then the LUN {@link Revival returns}.
 */
final class TakeOver {

    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
    private static final long MIN_WAIT_MILLIS = 500;
    private static final long MAX_WAIT_MILLIS = 30_000;

    private final HeldDevice device;
    private final Means means;
    private final Runnable attempted;

    /** @param attempted called when the kernel has the new socket or the first attempt has failed, and maybe again */
    TakeOver(HeldDevice device, Runnable attempted) {
        this.device = device;
        this.attempted = attempted;
        means = device.means();
    }

    /** Returns when the kernel has the new socket, or there is no device any more. Until then it tries again and again. */
    void run() {
        long waitMillis = MIN_WAIT_MILLIS;
        try {
            while (!isDone()) {
                attempted.run();
                TimeUnit.MILLISECONDS.sleep(waitMillis);
                waitMillis = Math.min(2 * waitMillis, MAX_WAIT_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("{} is not taken over any more", device.state().device());
        }
        attempted.run();
    }

    /** True also if there is nothing to take over. */
    private boolean isDone() throws InterruptedException {
        device.turn().lockInterruptibly();
        try {
            if (!device.isOver()) {
                attempt();
            }
            return true;
        } catch (CommandException e) {
            device.setTrouble(e.sentence());
            return false;
        } finally {
            device.turn().unlock();
        }
    }

    private void attempt() throws CommandException, InterruptedException {
        DeviceState state = device.state();
        NbdDevice found = means.kernel().find(state.backendIdentifier());
        Served served = state.served();
        if (found == null) {
            LOG.info("{} is not attached any more", state.spec().disk().identifier());
            device.dispose();
        } else if (served == null) {
            LOG.error("{} cannot be served, as nothing is known of its LUN; detach it by force", found);
            device.journal().putAside();
            device.letGo();
        } else {
            takeOver(found, served);
        }
    }

    private void takeOver(NbdDevice found, Served served) throws CommandException, InterruptedException {
        boolean leaving = device.state().phase() == Phase.DETACHING;
        device.journal().note(before -> leaving ? before : before.attachedAs(found.path()));
        Backing backing = Backing.awaited(means.targets(), device.state(), served, means.reached());
        Link link;
        try {
            means.reached().accept(Step.RECONFIGURING);
            link = means.kernel().reattach(found, device.request(backing, AttachOptions.DEFAULT.withoutFirstRead()));
        } catch (CommandException | InterruptedException | RuntimeException e) {
            backing.close();
            throw e;
        }
        means.reached().accept(Step.RECONFIGURED);
        device.connected(backing, link);
        device.attached(found.path());
        LOG.info("{} is taken over: {}", found, device.state().spec().disk().identifier());
        backing.beginReturn(() -> returned(backing, leaving));
        attempted.run();
        means.links().appeared(device.state().backendIdentifier(), found);
    }

    private void returned(Backing backing, boolean leaving) {
        device.noteGeometry(backing);
        if (leaving) {
            try {
                device.detach();
            } catch (CommandException e) {
                LOG.warn("the detach that was under way when the daemon ended is given up: {}", e.sentence());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
