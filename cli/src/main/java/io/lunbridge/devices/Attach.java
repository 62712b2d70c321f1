package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.devices.KernelSide.Link;
import io.lunbridge.nbd.kernel.AttachOptions;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A device's way from the request to a device that can be mounted. The order of the steps is what a crash needs. */
final class Attach {

    private static final Logger LOG = LoggerFactory.getLogger(Attach.class);

    private final HeldDevice device;
    private final Means means;

    Attach(HeldDevice device) {
        this.device = device;
        means = device.means();
    }

    /** Returns the device's path. Leaves nothing if it fails. */
    String run() throws CommandException, InterruptedException {
        device.turn().lockInterruptibly();
        try {
            String path = attach();
            device.attached(path);
            return path;
        } catch (CommandException | InterruptedException | RuntimeException e) {
            device.failed(e);
            throw e;
        } finally {
            device.turn().unlock();
        }
    }

    private String attach() throws CommandException, InterruptedException {
        Journal journal = device.journal();
        journal.note(before -> before);
        means.reached().accept(Step.ATTACH_NOTED);
        AttachSpec spec = device.state().spec();
        Backing backing = Backing.opened(means.targets(), spec);
        device.setBacking(backing);
        journal.note(before -> before.with(backing.served()));
        prepareLinks(backing);
        means.reached().accept(Step.CONNECTING);
        Link link = means.kernel().attach(device.request(backing, AttachOptions.DEFAULT));
        means.reached().accept(Step.CONNECTED);
        String path = link.device().path();
        try {
            journal.note(before -> before.attachedAs(path));
            means.reached().accept(Step.ATTACHED);
            means.links().appeared(device.state().backendIdentifier(), link.device());
        } catch (CommandException | InterruptedException e) {
            var unused = means.kernel().detach(link.device(), true);
            throw e;
        }
        device.connected(backing, link);
        LOG.info("{} is {}", path, spec.disk().identifier());
        return path;
    }

    private void prepareLinks(Backing backing) throws CommandException {
        try {
            means.links().prepare(device.state().backendIdentifier(), backing.names());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILURE, "the device's names cannot be written (" + e + "); make room in /run", e);
        }
    }
}
