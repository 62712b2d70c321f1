package io.lunbridge.sessions;

import io.lunbridge.daemon.CommandException;
import io.lunbridge.daemon.HostPort;
import io.lunbridge.daemon.NodeSettings;
import io.lunbridge.daemon.Report;
import io.lunbridge.devices.SessionDevice;
import io.lunbridge.iscsi.negotiation.NegotiatedKeys;
import io.lunbridge.iscsi.recovery.Nexus;
import io.lunbridge.iscsi.recovery.NexusState;
import io.lunbridge.iscsi.session.FullFeature;
import io.lunbridge.iscsi.session.SessionStatistics;
import io.lunbridge.names.SdNames;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A session in a list: everything that iscsiadm prints of one, in its words. */
final class SessionReport {

    private static final long MAX_ASK_MILLIS = 2000;
    private static final String SESSION = "node.session.";
    private static final String AUTHENTICATION = SESSION + "auth.";

    private final NodeSession session;
    private final NodeSettings node;
    private final Report report = new Report();

    private SessionReport(NodeSession session) {
        this.session = session;
        node = session.note().node();
    }

    /** What the target's session is, as its event loop knows it. */
    private record Live(
            NexusState state, boolean handlesErrors, FullFeature fullFeature, SessionStatistics statistics) {

        static @Nullable Live of(@Nullable Nexus nexus) {
            if (nexus == null) {
                return null;
            }
            CompletableFuture<Live> answer = new CompletableFuture<>();
            nexus.eventLoop()
                    .execute(() -> answer.complete(new Live(
                            nexus.state(),
                            nexus.session().isHandlingErrors(),
                            nexus.session().fullFeature(),
                            nexus.statistics())));
            try {
                return answer.get(MAX_ASK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        boolean isLoggedIn() {
            return state == NexusState.LOGGED_IN || state == NexusState.REVALIDATING;
        }
    }

    static Report of(NodeSession session) {
        SessionReport report = new SessionReport(session);
        Live live = Live.of(session.nexus());
        List<SessionDevice> devices = session.devices().ofSession(report.node.sid());
        try {
            report.addPlace(live);
            report.addIface(live);
            report.addStates(live, devices);
            report.addSettings();
            report.addNegotiated(live);
            report.addUnits(devices);
            report.addStatistics(live);
        } catch (CommandException e) {
            report.report.put("trouble", e.sentence());
        }
        return report.report;
    }

    private void addPlace(@Nullable Live live) throws CommandException {
        HostPort persistent = node.portal();
        InetSocketAddress current =
                live == null ? null : internet(live.fullFeature.place().remote());
        int tag = live == null ? -1 : live.fullFeature.place().portalGroupTag();
        report.put("sid", node.sid())
                .put("hostNumber", node.sid())
                .put("target", node.targetName())
                .put("tpgt", tag < 0 ? node.number("node.tpgt", -1) : tag)
                .put("currentAddress", current == null ? persistent.host() : text(current))
                .put("currentPort", current == null ? persistent.port() : current.getPort())
                .put("persistentAddress", persistent.host())
                .put("persistentPort", persistent.port());
    }

    private static @Nullable InetSocketAddress internet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet && !internet.isUnresolved() ? internet : null;
    }

    /** IPv6 in its short form, without brackets. */
    private static String text(InetSocketAddress address) {
        return NetUtil.toAddressString(address.getAddress());
    }

    private void addIface(@Nullable Live live) {
        InetSocketAddress local =
                live == null ? null : internet(live.fullFeature.place().local());
        report.put("ifaceName", node.ifaceName())
                .put("transport", node.value("iface.transport_name", "tcp"))
                .put("initiatorName", session.note().identity().initiatorName())
                .put("ipaddress", local == null ? node.value("iface.ipaddress") : text(local))
                .put("hwaddress", node.value("iface.hwaddress"))
                .put("netdev", node.value("iface.net_ifacename"));
    }

    private void addStates(@Nullable Live live, List<SessionDevice> devices) {
        boolean loggedIn = live != null && live.isLoggedIn();
        boolean failed = devices.stream().anyMatch(device -> device.state().equals("failed"));
        report.put("connectionState", loggedIn ? "LOGGED IN" : "TRANSPORT WAIT")
                .put("sessionState", loggedIn ? "LOGGED_IN" : failed ? "FREE" : "FAILED")
                .put("internalState", loggedIn ? "NO CHANGE" : "REOPEN")
                .put("hostState", live != null && live.handlesErrors ? "recovery" : "running");
    }

    private void addSettings() throws CommandException {
        report.put("recoveryTimeout", node.number(SESSION + "timeo.replacement_timeout", 120))
                .put("targetResetTimeout", node.number(SESSION + "err_timeo.tgt_reset_timeout", 30))
                .put("lunResetTimeout", node.number(SESSION + "err_timeo.lu_reset_timeout", 30))
                .put("abortTimeout", node.number(SESSION + "err_timeo.abort_timeout", 15))
                .put("username", node.value(AUTHENTICATION + "username"))
                .put("password", node.value(AUTHENTICATION + "password"))
                .put("usernameIn", node.value(AUTHENTICATION + "username_in"))
                .put("passwordIn", node.value(AUTHENTICATION + "password_in"));
    }

    private void addNegotiated(@Nullable Live live) {
        if (live == null) {
            return;
        }
        NegotiatedKeys keys = live.fullFeature.keys();
        Map<String, Object> negotiated = new LinkedHashMap<>();
        negotiated.put("HeaderDigest", keys.digests().header() ? "CRC32C" : "None");
        negotiated.put("DataDigest", keys.digests().data() ? "CRC32C" : "None");
        negotiated.put("MaxRecvDataSegmentLength", keys.lengths().maxRecvBytes());
        negotiated.put("MaxXmitDataSegmentLength", keys.lengths().maxSendBytes());
        negotiated.put("FirstBurstLength", keys.lengths().firstBurstBytes());
        negotiated.put("MaxBurstLength", keys.lengths().maxBurstBytes());
        negotiated.put("ImmediateData", keys.flow().immediateData() ? "Yes" : "No");
        negotiated.put("InitialR2T", keys.flow().initialR2t() ? "Yes" : "No");
        negotiated.put("MaxOutstandingR2T", keys.flow().maxOutstandingR2t());
        report.put("negotiated", negotiated);
    }

    private void addUnits(List<SessionDevice> devices) {
        Map<Integer, SessionDevice> attached = new LinkedHashMap<>();
        devices.forEach(device -> attached.put(device.lun(), device));
        List<Map<String, @Nullable Object>> units = new ArrayList<>();
        for (int lun : session.note().plus(attached.keySet()).luns()) {
            SessionDevice device = attached.get(lun);
            Map<String, @Nullable Object> unit = new LinkedHashMap<>();
            unit.put("lun", lun);
            if (device != null && device.device() != null) {
                unit.put("device", name(device.device()));
                unit.put("state", scsiState(device.state()));
            }
            units.add(unit);
        }
        report.put("luns", units);
    }

    /** Without its path; the second name of those that clients want to be called so. */
    private static String name(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return SdNames.areWanted() ? SdNames.of(name) : name;
    }

    /** In the words of the kernel's SCSI devices. */
    private static String scsiState(String state) {
        return switch (state) {
            case "attached", "shrunk" -> "running";
            case "recovering" -> "blocked";
            case "failed" -> "transport-offline";
            case "gone" -> "offline";
            default -> "created";
        };
    }

    private void addStatistics(@Nullable Live live) {
        if (live != null) {
            report.put("statistics", live.statistics.counters()).put("extended", live.statistics.extended());
        }
    }
}
