package io.lunbridge.devices;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.DiskRequest;
import io.lunbridge.daemon.KernelFailures;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.SessionSettings;
import io.lunbridge.nbd.kernel.KernelException;
import io.lunbridge.nbd.kernel.NbdDevice;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What shall be attached, and how: complete, so that it can be done again after a crash, by a process with another
 * environment.
 *
 * @param disk which part of which LUN; its URL holds no credentials
 * @param device as which device, as {@code /dev/nbdN}; null for any free one
 * @param session how to deal with the target; its CHAP credentials have been looked up
 * @param links whether the device gets its names under /dev/disk
 * @param node the node record's session that it is a LUN of, which {@code session} is made of then; null where it is none
 */
public record AttachSpec(
        DiskRequest disk,
        @Nullable String device,
        SessionSettings session,
        boolean links,
        @Nullable NodeSettings node) {

    /** Every key of {@link #toMap} and {@link #fromMap}. Those of a session option have its long name. */
    public static final Set<String> KEYS = SpecMap.KEYS;

    /** Looks up what the request leaves to this process's files and environment. */
    public static AttachSpec of(DiskRequest disk, @Nullable String device, SessionSettings session, boolean links)
            throws CommandException {
        SessionSettings resolved = session.withChap(session.chap().resolved(disk.url()));
        return new AttachSpec(disk.withoutUser(), path(device), resolved, links, null);
    }

    /** A LUN of a node record's session. */
    public static AttachSpec of(NodeSettings node, int lun) throws CommandException {
        DiskRequest disk = new DiskRequest(node.url(lun), false, 0, null, node.cache());
        return new AttachSpec(disk, null, node.session(), true, node);
    }

    /** The number of the session that it is a LUN of; 0 where it is of none. */
    int sid() {
        return node == null ? 0 : node.sid();
    }

    private static @Nullable String path(@Nullable String device) throws CommandException {
        try {
            return device == null ? null : NbdDevice.parse(device).path();
        } catch (KernelException e) {
            throw KernelFailures.of(e);
        }
    }

    /**
     * From what {@link #toMap} gives, or a file of settings holds: a value may be text throughout. What is not there has
     * its default; unknown keys are passed over.
     *
     * @throws CommandException if a value is impossible, or there is no URL
     */
    public static AttachSpec fromMap(Map<String, ?> map) throws CommandException {
        return SpecMap.read(map);
    }

    /** Strings, numbers and booleans, under {@link #KEYS}. With the secrets: for eyes that may see them only. */
    public Map<String, Object> toMap() {
        return SpecMap.write(this);
    }
}
