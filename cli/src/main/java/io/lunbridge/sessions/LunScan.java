package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.ExitCode;
import io.lunbridge.daemon.LunQuery;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.devices.AttachSpec;
import io.lunbridge.devices.Devices;
import io.lunbridge.devices.Threads;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.scsi.Lun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A look at what LUNs a target has, and the attaching of those that are disks and not attached yet. */
final class LunScan {

    private static final Logger LOG = LoggerFactory.getLogger(LunScan.class);

    /** After so long a LUN that is slow does not keep the next one from being begun. */
    private static final long TURN_MILLIS = 2000;

    /** How long all of them are waited for; those that are slower still come later (U-16). */
    private static final long LIMIT_MILLIS = 30_000;

    private LunScan() {}

    /**
     * Attaches all disks of the session, in the order of their numbers.
     *
     * @return the numbers of all LUNs
     */
    static List<Integer> run(Devices devices, NodeSettings node, Nexus nexus)
            throws CommandException, InterruptedException {
        List<Integer> luns = LunQuery.luns(nexus.session()).stream()
                .map(Lun::number)
                .filter(number -> number >= 0)
                .sorted()
                .distinct()
                .toList();
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        List<CompletableFuture<Boolean>> attaches = new ArrayList<>();
        for (int lun : luns) {
            CompletableFuture<Boolean> attach = Threads.call("scan-" + node.sid() + "-" + lun, () -> {
                attach(devices, node, lun);
                return true;
            });
            attaches.add(attach);
            await(attach, TURN_MILLIS);
        }
        for (CompletableFuture<Boolean> attach : attaches) {
            await(attach, Math.max(0, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime())));
        }
        return luns;
    }

    private static void await(CompletableFuture<Boolean> attach, long millis) throws InterruptedException {
        try {
            attach.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("a LUN is slow");
        } catch (ExecutionException e) {
            LOG.error("a LUN could not be attached", e.getCause());
        }
    }

    private static void attach(Devices devices, NodeSettings node, int lun) throws InterruptedException {
        try {
            devices.attach(AttachSpec.of(node, lun));
        } catch (CommandException e) {
            if (e.exitCode() == ExitCode.NOT_A_DISK) {
                LOG.debug("{}, LUN {}: {}", node, lun, e.sentence());
            } else {
                LOG.warn("{}, LUN {} is not attached: {}", node, lun, e.sentence());
            }
        }
    }
}
