package io.lunbridge.daemon;

import io.lunbridge.iscsi.discovery.LunListing;
import io.lunbridge.iscsi.discovery.ReportLuns;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.Session;
import io.lunbridge.scsi.Lun;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Asks a target for its LUNs, for threads that may block. */
public final class LunQuery {

    private LunQuery() {}

    /** The LUNs of a session's target, as it lists them. Bounded by the session's own timers. */
    public static List<Lun> luns(Session session) throws CommandException, InterruptedException {
        Listed listed = new Listed();
        session.eventLoop().execute(() -> ReportLuns.ask(session, listed));
        try {
            return listed.luns.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException known) {
                throw known;
            }
            if (e.getCause() instanceof IscsiException known) {
                throw new CommandException(ExitCode.UNREACHABLE, known.getMessage() + "; try again", known);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static final class Listed implements LunListing {

        private final CompletableFuture<List<Lun>> luns = new CompletableFuture<>();

        @Override
        public void listed(List<Lun> all) {
            luns.complete(all);
        }

        @Override
        public void refused(String reason) {
            luns.completeExceptionally(new CommandException(ExitCode.FAILURE, reason + "; look into the target's log"));
        }

        @Override
        public void failed(IscsiException cause) {
            luns.completeExceptionally(cause);
        }
    }
}
