package io.lunbridge.daemon;

import io.lunbridge.iscsi.discovery.DiscoveredTarget;
import io.lunbridge.iscsi.discovery.DiscoveryOutcome;
import io.lunbridge.iscsi.discovery.SendTargets;
import io.lunbridge.iscsi.negotiation.TargetAddress;
import io.lunbridge.iscsi.session.IscsiException;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.SessionConnector;
import io.lunbridge.iscsi.session.SessionException;
import io.lunbridge.scsi.Lun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What targets a portal knows, and what LUNs they have. Blocking. */
public final class Discovery {

    private final Transport transport;
    private final HostPort portal;
    private final ChapSettings chap;
    private final String initiatorName;

    public Discovery(Transport transport, HostPort portal, ChapSettings chap) {
        this(transport, portal, chap, Root.ofThisHost());
    }

    /** The same for a host whose name is elsewhere. */
    public Discovery(Transport transport, HostPort portal, ChapSettings chap, Root root) {
        this.transport = transport;
        this.portal = portal;
        this.chap = chap;
        initiatorName = InitiatorName.of(root);
    }

    /**
     * Asks the portal.
     *
     * @param withLuns whether to log in to each target too and ask what LUNs it has
     * @return a report per target: its name, portals, and LUNs
     */
    public List<Report> targets(boolean withLuns) throws CommandException, InterruptedException {
        try (Progress progress = Progress.onStandardError()) {
            progress.step("asking " + portal + " for its targets");
            List<Report> reports = new ArrayList<>();
            for (DiscoveredTarget target : sendTargets()) {
                Report report = new Report().put("target", target.name());
                report.put(
                        "portals",
                        target.portals().stream().map(Discovery::describe).toList());
                if (withLuns) {
                    progress.step("asking " + target.name() + " for its LUNs");
                    report.put("luns", luns(target.name()));
                }
                reports.add(report);
            }
            return reports;
        }
    }

    /** Asks the portal, and nothing more. */
    public List<DiscoveredTarget> sendTargets() throws CommandException, InterruptedException {
        SessionConfig config = chap.applyTo(Sessions.discovery(portal, initiatorName));
        Found found = new Found();
        SendTargets.ask(new SessionConnector(transport.eventLoop(), transport.tcpChannel()), config, found);
        return outcome(found.targets, config);
    }

    private List<String> luns(String targetName) throws CommandException, InterruptedException {
        SessionConfig config = chap.applyTo(Sessions.brief(portal, targetName));
        try (TargetSession target = TargetSession.open(transport, config)) {
            return LunQuery.luns(target.session()).stream().map(Lun::toString).toList();
        }
    }

    private static String describe(TargetAddress address) {
        String text = new HostPort(address.host(), address.port()).toString();
        return address.portalGroupTag() == TargetAddress.NO_TAG ? text : text + "," + address.portalGroupTag();
    }

    private static <T> T outcome(CompletableFuture<T> future, SessionConfig config)
            throws CommandException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SessionException known) {
                throw SessionFailures.of(config, known);
            }
            if (e.getCause() instanceof IscsiException known) {
                throw new CommandException(ExitCode.UNREACHABLE, known.getMessage() + "; try again", known);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static final class Found implements DiscoveryOutcome {

        private final CompletableFuture<List<DiscoveredTarget>> targets = new CompletableFuture<>();

        @Override
        public void found(List<DiscoveredTarget> all) {
            targets.complete(all);
        }

        @Override
        public void failed(IscsiException cause) {
            targets.completeExceptionally(cause);
        }
    }
}
