package io.lunbridge.iscsiadm;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Request} of the words of a command line, as open-iscsi does: what is wrong is found in the order of the
 * words, but a mode is asked at once whether it takes all the options, also those that come later.
 */
final class RequestReader {

    /** Kernel's names of SCSI hosts go no further (open-iscsi's limit). */
    private static final long MAX_HOST_NUMBER = 65535;

    private static final int MAX_IFACE_NAME_CHARACTERS = 64;

    private final Getopt getopt;
    private final Console console;
    private final Request request = new Request();
    private @Nullable String name;
    private @Nullable String value;

    RequestReader(String[] words, Console console) {
        this.getopt = new Getopt(words, console);
        this.console = console;
    }

    /**
     * Reads all words.
     *
     * @throws CommandEnd if one is wrong, or asks for no more than help or the version
     */
    Request read() throws CommandEnd {
        while (getopt.next()) {
            Option option = getopt.option();
            if (option != null) {
                take(option, getopt.value());
            }
            if (name != null && value != null) {
                request.settings.add(Map.entry(name, value));
                name = null;
                value = null;
            }
        }
        if (getopt.refusedLetter() != 0) {
            console.error("unrecognized character '" + getopt.refusedLetter() + "'");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        return request;
    }

    private void take(Option option, String text) throws CommandEnd {
        switch (option) {
            case MODE -> takeMode(text);
            case OP -> takeOperation(text);
            case TYPE -> request.type = DiscoveryMethod.of(text);
            case PORTAL -> request.portal = Portal.of(text, request.portal.port());
            case IP -> request.portal = new Portal(text, request.portal.port(), request.portal.tpgt());
            case TARGETNAME -> request.targetName = text;
            case INTERFACE -> takeIface(text);
            case NAME -> name = text;
            case VALUE -> value = text;
            case HOST -> request.hostNumber = hostNumber(text);
            case SID -> request.sid = sid(text);
            case PRINT -> request.printLevel = CNumber.ofInt(text);
            case LOGINALL -> {
                request.loginAll = true;
                request.startup = text;
            }
            case LOGOUTALL -> {
                request.logoutAll = true;
                request.startup = text;
            }
            case SUBMODE -> request.subMode = text;
            case KILLISCSID -> takeKillPriority(text);
            case INDEX -> checkIndex(text);
            case VERSION -> {
                console.print(Console.PROGRAM + " version " + Usage.VERSION);
                throw new CommandEnd(ErrorCode.SUCCESS);
            }
            case HELP -> {
                console.printAll(Usage.TEXT);
                throw new CommandEnd(ErrorCode.SUCCESS);
            }
            default -> takeSwitch(option);
        }
    }

    /** The rest; numbers of {@code -C ping} change nothing here. */
    private void takeSwitch(Option option) {
        switch (option) {
            case RESCAN -> request.rescan = true;
            case DISCOVER -> request.discover = true;
            case LOGIN -> request.login = true;
            case LOGOUT -> request.logout = true;
            case STATS -> request.stats = true;
            case SHOW -> request.show = true;
            case NO_WAIT -> request.noWait = true;
            case DEBUG -> console.setDebugLevel(CNumber.ofInt(getopt.value()));
            default -> {}
        }
    }

    private void takeMode(String text) throws CommandEnd {
        Mode mode = Mode.of(text);
        if (mode == null) {
            console.error("mode -1 is not yet supported");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        request.mode = mode;
        int here = getopt.position();
        getopt.restart();
        while (getopt.next()) {
            Option option = getopt.option();
            boolean isAllowed = option != null && (option == Option.MODE || mode.allows(option));
            if (!isAllowed) {
                char letter = option == null ? '?' : option.letter();
                console.error(mode.nameInMessages() + " mode: option '-" + letter + "' is not allowed/supported");
                throw new CommandEnd(ErrorCode.INVAL);
            }
        }
        getopt.goTo(here);
    }

    private void takeOperation(String text) throws CommandEnd {
        Operation operation = Operation.of(text);
        if (operation != null) {
            request.operations.add(operation);
        } else if (request.operations.isEmpty()) {
            console.error("can not recognize operation: '" + text + "'");
            throw new CommandEnd(ErrorCode.INVAL);
        }
    }

    private void takeIface(String text) throws CommandEnd {
        if (text.isEmpty() || text.length() > MAX_IFACE_NAME_CHARACTERS) {
            console.print(
                    "Invalid iface name " + text + ". Must be from 1 to " + MAX_IFACE_NAME_CHARACTERS + " characters.");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        request.ifaceNames.add(text);
    }

    private void takeKillPriority(String text) throws CommandEnd {
        request.killPriority = CNumber.ofInt(text);
        if (request.killPriority < 0) {
            console.error("Invalid killiscsid priority " + request.killPriority
                    + " Priority must be greater than or equal to zero.");
            throw new CommandEnd(ErrorCode.INVAL);
        }
    }

    private void checkIndex(String text) throws CommandEnd {
        if (CNumber.isBeyondUnsigned(text)) {
            console.error("Invalid index " + text + ". Numerical result out of range.");
            throw new CommandEnd(ErrorCode.INVAL);
        }
    }

    private long hostNumber(String text) throws CommandEnd {
        if (text.indexOf(':') >= 0) {
            console.error("Could not match MAC to host.");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        long number = CNumber.ofLong(text);
        if (number < 0 || number > MAX_HOST_NUMBER) {
            console.error("Invalid host no " + text + ". Numerical result out of range.");
            throw new CommandEnd(ErrorCode.INVAL);
        }
        return number;
    }

    /** A number, or a directory of sysfs whose path names the session (M-9, M-147). */
    private int sid(String text) throws CommandEnd {
        if (CNumber.isWhole(text) && CNumber.ofInt(text) > 0) {
            return CNumber.ofInt(text);
        }
        Path path = Path.of(text);
        int fromPath = sidIn(path);
        if (fromPath > 0) {
            return fromPath;
        }
        if (text.isEmpty() || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            console.error(text + " is an invalid session ID or path");
            throw new CommandEnd(ErrorCode.UNKNOWN);
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(path)) {
            console.error(text + " is not a directory");
            throw new CommandEnd(ErrorCode.UNKNOWN);
        }
        console.error("Unable to find sid in path " + text);
        console.error("invalid sid '" + text + "'");
        throw new CommandEnd(ErrorCode.INVAL);
    }

    /** The innermost {@code sessionN} of a path below /sys; the directories are the kernel initiator's and not here. */
    private static int sidIn(Path path) {
        if (!path.startsWith("/sys")) {
            return -1;
        }
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            String each = path.getName(i).toString();
            if (each.startsWith("session") && CNumber.isWhole(each.substring("session".length()))) {
                return CNumber.ofInt(each.substring("session".length()));
            }
        }
        return -1;
    }
}
