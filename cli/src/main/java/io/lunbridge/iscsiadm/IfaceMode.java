package io.lunbridge.iscsiadm;

import io.lunbridge.records.BadValue;
import io.lunbridge.records.IfaceRecord;
import io.lunbridge.records.NodeFilter;
import io.lunbridge.records.NodeRecord;
import io.lunbridge.records.RecordFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code -m iface}: through what sessions may go (M-57 to M-59, S-60 to S-70). */
final class IfaceMode {

    /** What open-iscsi returns for a new iface without a name: its author took errno's number. */
    private static final int EINVAL = 22;

    private static final String HWADDRESS = "iface.hwaddress";
    private static final String NET_IFACENAME = "iface.net_ifacename";

    private final Context context;
    private final Console console;
    private final Request request;
    private final NodeChanges changes;
    private final @Nullable String name;

    IfaceMode(Context context, Request request) {
        this.context = context;
        this.console = context.console();
        this.request = request;
        this.changes = new NodeChanges(context);
        this.name = request.ifaceNames.isEmpty() ? null : request.ifaceNames.get(0);
    }

    ErrorCode run() throws CommandEnd {
        if (request.ifaceNames.size() > 1) {
            console.error("iface mode only accepts one interface. Using the first one " + name + ".");
        }
        if ("ping".equals(request.subMode)) {
            return ping();
        }
        if (request.isShow()) {
            return show();
        }
        if (request.isOnly(Operation.NEW)) {
            return create();
        }
        if (request.isOnly(Operation.DELETE)) {
            return delete();
        }
        if (request.isOnly(Operation.UPDATE)) {
            return update();
        }
        if (request.isOnly(Operation.APPLY) || request.isOnly(Operation.APPLY_ALL)) {
            return apply();
        }
        return ErrorCode.INVAL;
    }

    private ErrorCode create() throws CommandEnd {
        if (name == null) {
            console.error("Could not add interface. No interface passed in.");
            throw new CommandEnd(EINVAL);
        }
        IfaceRecord iface = IfaceRecord.named(name);
        Optional<IfaceRecord> before = context.database().iface(name);
        if (before.isPresent() && isUsed(before.get())) {
            console.error("Could not create new interface " + name + ".");
            return ErrorCode.SESS_EXISTS;
        }
        try {
            context.database().write(iface);
        } catch (RecordFailure e) {
            console.error(String.valueOf(e.getMessage()));
            console.error("Could not create new interface " + name + ".");
            throw new CommandEnd(e.exitCode());
        }
        change(iface);
        console.print("New interface " + name + " added");
        return ErrorCode.SUCCESS;
    }

    private boolean isUsed(IfaceRecord iface) throws CommandEnd {
        return NodePattern.ofIface(iface).firstOf(context.sessions()) != null;
    }

    private ErrorCode delete() throws CommandEnd {
        if (name == null) {
            console.error("Could not delete interface. No interface passed in.");
            return ErrorCode.INVAL;
        }
        IfaceRecord iface = context.database().iface(name).orElse(null);
        if (iface == null) {
            console.error("Could not read iface info for " + name + ".");
            return notDeleted(ErrorCode.INVAL);
        }
        try {
            ErrorCode outcome = context.database().<ErrorCode, CommandEnd>locked(() -> delete(iface));
            if (outcome != ErrorCode.SUCCESS) {
                return notDeleted(outcome);
            }
        } catch (RecordFailure e) {
            console.error(String.valueOf(e.getMessage()));
            return notDeleted(ErrorCode.of(e.exitCode()));
        }
        console.print(name + " unbound and deleted.");
        return ErrorCode.SUCCESS;
    }

    /** One that cannot be deleted keeps its records: open-iscsi finds that out after it has deleted them. */
    private ErrorCode delete(IfaceRecord iface) throws RecordFailure, CommandEnd {
        if (!iface.isBuiltIn()) {
            ErrorCode outcome = ErrorCode.SUCCESS;
            for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
                if (NodePattern.ofIface(iface).matches(node)) {
                    outcome = outcome.or(changes.deleteUnlessUsed(node));
                }
            }
            if (outcome != ErrorCode.SUCCESS) {
                return outcome;
            }
        }
        context.database().delete(iface);
        return ErrorCode.SUCCESS;
    }

    private ErrorCode notDeleted(ErrorCode error) {
        console.error("Could not delete iface " + name + ": " + error.text());
        return error;
    }

    /** Returns success whatever comes of it, as open-iscsi does; what is wrong is told. */
    private ErrorCode update() throws CommandEnd {
        if (name == null || request.settings.isEmpty()) {
            console.error("Update requires name, value, and iface.");
            return ErrorCode.INVAL;
        }
        IfaceRecord iface = context.database().iface(name).orElse(null);
        if (iface == null) {
            console.error("Could not read iface info for " + name + ".");
            return ErrorCode.INVAL;
        }
        change(iface);
        return ErrorCode.SUCCESS;
    }

    /** Sets what is to be set, in the iface's record and in those bound to it. */
    private void change(IfaceRecord iface) throws CommandEnd {
        if (isUsed(iface)) {
            console.error("Updating iface while iscsi sessions are using it. You must logout the running sessions then"
                    + " log back in for the new settings to take affect.");
        }
        ErrorCode error = refusal(iface);
        try {
            if (error == ErrorCode.SUCCESS) {
                context.database().<ErrorCode, CommandEnd>locked(() -> {
                    changeRecords(iface);
                    return ErrorCode.SUCCESS;
                });
            }
        } catch (RecordFailure e) {
            console.error(String.valueOf(e.getMessage()));
            error = ErrorCode.of(e.exitCode());
        } catch (CommandEnd e) {
            error = ErrorCode.of(e.exitCode());
        }
        if (error == ErrorCode.SUCCESS) {
            console.print(iface.name() + " updated.");
        } else {
            console.error("Could not update iface " + iface.name() + ": " + error.text());
        }
    }

    private ErrorCode refusal(IfaceRecord iface) {
        for (Map.Entry<String, String> setting : request.settings) {
            String key = setting.getKey();
            String fault = "";
            if (key.equals("iface.iscsi_ifacename")) {
                fault = "Can not update iface.iscsi_ifacename. Delete it, and then create a new one.";
            } else if (key.equals(NET_IFACENAME) && isSet(iface, HWADDRESS)) {
                fault = "Can not update interface binding from hwaddress to net_ifacename."
                        + " You must delete the interface and create a new one";
            } else if (key.equals(HWADDRESS) && isSet(iface, NET_IFACENAME)) {
                fault = "Can not update interface binding from net_ifacename to hwaddress."
                        + " You must delete the interface and create a new one";
            }
            if (!fault.isEmpty()) {
                console.error(fault);
                return ErrorCode.INVAL;
            }
        }
        return ErrorCode.SUCCESS;
    }

    private static boolean isSet(IfaceRecord iface, String key) {
        String value = iface.value(key);
        return !value.isEmpty() && !value.equals("default");
    }

    private void changeRecords(IfaceRecord iface) throws RecordFailure, CommandEnd {
        if (iface.isBuiltIn()) {
            console.error("iface " + iface.name() + " is a special interface and cannot be modified.");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        try {
            IfaceRecord changed = iface.updated(request.settings, console::error);
            context.database().write(changed);
            for (NodeRecord node : context.database().nodes(NodeFilter.ALL)) {
                if (NodePattern.ofIface(iface).matches(node)) {
                    context.database().write(node.withIface(changed));
                }
            }
        } catch (BadValue e) {
            e.nodeMessages().forEach(console::error);
            throw new CommandEnd(ErrorCode.INVAL);
        }
    }

    /** Software ifaces take their addresses from the system, so there is nothing to be done (M-58). */
    private ErrorCode apply() {
        if (request.isOnly(Operation.APPLY_ALL)) {
            console.error("Could not match host" + Math.max(0, request.hostNumber) + " to ifaces.");
            return ErrorCode.INVAL;
        }
        if (name == null) {
            console.error("Apply requires iface.");
            return ErrorCode.INVAL;
        }
        if (context.database().iface(name).isEmpty()) {
            console.error("Could not read iface " + name + " (" + ErrorCode.INVAL.number() + ").");
            return ErrorCode.INVAL;
        }
        console.error("Nothing to configure.");
        console.print(name + " applied.");
        return ErrorCode.SUCCESS;
    }

    /** Only adapters can (M-59). */
    private ErrorCode ping() {
        if (name == null) {
            console.error("Ping requires iface.");
            return ErrorCode.INVAL;
        }
        if (request.portal.address() == null) {
            console.error("Ping requires destination ipaddress.");
            return ErrorCode.INVAL;
        }
        console.error("Can't find host_no.");
        return ErrorCode.OP_NOT_SUPP;
    }

    private ErrorCode show() {
        if (request.printLevel > 1 || request.printLevel < -1) {
            console.error("Invalid info level " + request.printLevel + ". Try 0 - 1.");
            return ErrorCode.INVAL;
        }
        List<IfaceRecord> ifaces = context.database().ifaces();
        if (name != null) {
            IfaceRecord iface = context.database().iface(name).orElse(null);
            if (iface == null) {
                console.error("Could not read iface info for " + name + ".");
                return ErrorCode.IDBM;
            }
            ifaces = List.of(iface);
        }
        if (request.printLevel == 1) {
            ifaces.forEach(this::printTree);
        } else if (name != null) {
            console.printAll(ifaces.get(0).dump(request.show));
        } else {
            ifaces.forEach(iface -> console.print(flat(iface)));
        }
        return ErrorCode.SUCCESS;
    }

    private static String flat(IfaceRecord iface) {
        return iface.name() + " " + iface.transportName() + "," + orEmpty(iface.value(HWADDRESS)) + ","
                + orEmpty(iface.value("iface.ipaddress")) + "," + orEmpty(iface.value(NET_IFACENAME)) + ","
                + orEmpty(iface.value("iface.initiatorname"));
    }

    private void printTree(IfaceRecord iface) {
        List<NodeRecord> nodes = context.database().nodes(NodeFilter.ALL);
        if (nodes.isEmpty()) {
            return;
        }
        console.print("Iface: " + iface.name());
        NodeText text = new NodeText(console);
        for (NodeRecord node : nodes) {
            if (node.ifaceName().equals(iface.name())) {
                text.printBelowIface(node);
            }
        }
    }

    private static String orEmpty(String text) {
        return text.isEmpty() ? "<empty>" : text;
    }
}
