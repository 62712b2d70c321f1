package io.lunbridge.devices;

import io.lunbridge.daemon.Root;
import io.lunbridge.daemon.SessionIdentity;
import io.lunbridge.daemon.Transport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The targets that this process has devices of, and the event loops that their sessions are spread over: a new one is put
 * where the fewest are.
 */
final class Targets implements AutoCloseable {

    /** Most event loops; more would mean less work in one turn of each. */
    private static final int MAX_LOOPS = 4;

    private final Root root;
    private final List<Transport> transports;
    private final List<Target> targets = new ArrayList<>();

    Targets(Root root) {
        this.root = root;
        int loops = Math.min(Runtime.getRuntime().availableProcessors(), MAX_LOOPS);
        transports = IntStream.range(0, loops).mapToObj(i -> Transport.open()).toList();
    }

    /**
     * The target of that device, which is {@link #leave left} by each who has got it.
     *
     * @param identity of the session that the device had; null if it had none
     */
    synchronized Target use(AttachSpec spec, @Nullable SessionIdentity identity) {
        Target.Key key = Target.Key.of(spec);
        Target target = targets.stream()
                .filter(each -> each.fits(key, identity))
                .findFirst()
                .orElse(null);
        if (target == null) {
            target = new Target(root, spec, leastUsed(), identity);
            targets.add(target);
        }
        target.users++;
        return target;
    }

    private Transport leastUsed() {
        return transports.stream()
                .min(Comparator.comparingLong(transport -> targets.stream()
                        .filter(target -> target.transport() == transport)
                        .count()))
                .orElseThrow();
    }

    /** The last one out logs out. Blocking, bounded. */
    void leave(Target target) {
        synchronized (this) {
            target.users--;
            if (target.users > 0) {
                return;
            }
            targets.remove(target);
        }
        target.close();
    }

    /** Ends the event loops. */
    @Override
    public void close() {
        transports.forEach(Transport::close);
    }
}
