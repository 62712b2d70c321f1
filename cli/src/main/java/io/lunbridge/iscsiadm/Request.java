package io.lunbridge.iscsiadm;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command line, read. Written by {@link RequestReader} alone, read by the modes. */
final class Request {

    @Nullable
    Mode mode;

    Portal portal = Portal.NONE;

    @Nullable
    String targetName;

    final List<String> ifaceNames = new ArrayList<>();
    final Set<Operation> operations = EnumSet.noneOf(Operation.class);

    @Nullable
    DiscoveryMethod type;

    /** Names and values to set, in their order; a name may be there twice. */
    final List<Map.Entry<String, String>> settings = new ArrayList<>();

    /** The SCSI host; -1 if none was given. */
    long hostNumber = -1;

    /** The session; -1 if none was given. */
    int sid = -1;

    /** How much to print; -1 if nothing was said. */
    int printLevel = -1;

    boolean rescan;
    boolean discover;
    boolean login;
    boolean logout;
    boolean stats;
    boolean show;
    boolean noWait;

    /** What {@code -L} or {@code -U} says, whichever came last. */
    @Nullable
    String startup;

    boolean loginAll;
    boolean logoutAll;

    /** What {@code -k} says; -1 if nothing. */
    int killPriority = -1;

    @Nullable
    String subMode;

    /** Whether that and no other operation is asked for. */
    boolean isOnly(Operation operation) {
        return operations.size() == 1 && operations.contains(operation);
    }

    /** Whether records are to be shown, be it because nothing else was said. */
    boolean isShow() {
        return operations.isEmpty() || isOnly(Operation.SHOW);
    }

    /** Whether one of the things is asked for that are done to sessions. */
    boolean isForSessions() {
        return rescan || stats || login || logout;
    }
}
