package io.lunbridge.iscsiadm;

import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which records, or sessions, a command means (M-32): what is not given matches all.
 *
 * @param targetName exactly this one; empty for every one
 * @param address this one or another name of it; empty for every one
 * @param port -1 for every one
 * @param tpgt matches nothing; it is what a new record gets
 * @param iface by its name, and its transport unless it is the default one; null for every one
 */
record NodePattern(
        String targetName,
        String address,
        int port,
        int tpgt,
        @Nullable IfaceRecord iface) {

    /** open-iscsi's: where a target listens if nothing else is said. */
    static final int ISCSI_PORT = 3260;

    static final NodePattern ALL = new NodePattern("", "", -1, Portal.UNKNOWN_TPGT, null);

    static NodePattern of(@Nullable String targetName, Portal portal, @Nullable IfaceRecord iface) {
        String address = portal.address();
        int port = address == null ? portal.port() : portal.orPort(ISCSI_PORT).port();
        return new NodePattern(
                targetName == null ? "" : targetName, address == null ? "" : address, port, portal.tpgt(), iface);
    }

    static NodePattern of(NodeRecord node) {
        return new NodePattern(node.targetName(), node.address(), node.port(), node.tpgt(), node.iface());
    }

    static NodePattern ofIface(IfaceRecord iface) {
        return new NodePattern("", "", -1, Portal.UNKNOWN_TPGT, iface);
    }

    /** Whether neither target, portal nor iface is named; a port alone names nothing. */
    boolean isEmpty() {
        return targetName.isEmpty() && address.isEmpty() && iface == null;
    }

    /** Those that a change is for. */
    boolean matches(NodeRecord node) {
        return filter().matches(node)
                && isOfIface(node.ifaceName(), node.iface().transportName());
    }

    /** Those that are shown: by the letters of the address, without asking a name server. */
    boolean matchesLetters(NodeRecord node) {
        return (targetName.isEmpty() || targetName.equals(node.targetName()))
                && (address.isEmpty() || address.equals(node.address()))
                && (port == -1 || port == node.port())
                && (iface == null || iface.name().equals(node.ifaceName()));
    }

    boolean matches(Session session) {
        return (targetName.isEmpty() || targetName.equals(session.targetName()))
                && (port == -1 || port == session.persistentPort())
                && isOfIface(session.ifaceName(), session.transportName())
                && (address.isEmpty() || NodeFilter.isSameAddress(address, session.persistentAddress()));
    }

    private boolean isOfIface(String name, String transportName) {
        if (iface == null) {
            return true;
        }
        boolean isDefault = iface.name().equals(IfaceRecord.DEFAULT.name());
        return iface.name().equals(name) && (isDefault || iface.transportName().equals(transportName));
    }

    private NodeFilter filter() {
        return new NodeFilter(
                targetName.isEmpty() ? null : targetName,
                address.isEmpty() ? null : address,
                port,
                NodeFilter.ANY,
                iface == null ? null : iface.name());
    }

    /** The first of the sessions that it matches. */
    @Nullable
    Session firstOf(List<Session> sessions) {
        for (Session session : sessions) {
            if (matches(session)) {
                return session;
            }
        }
        return null;
    }
}
