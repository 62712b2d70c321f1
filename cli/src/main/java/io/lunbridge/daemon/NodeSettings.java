package io.lunbridge.daemon;

import io.lunbridge.iscsi.login.ChapAlgorithm;
import io.lunbridge.iscsi.login.LoginParameters;
import io.lunbridge.iscsi.negotiation.DigestPreference;
import io.lunbridge.iscsi.negotiation.Key;
import io.lunbridge.iscsi.negotiation.KeyOffer;
import io.lunbridge.iscsi.recovery.RecoveryPolicy;
import io.lunbridge.iscsi.session.SessionConfig;
import io.lunbridge.iscsi.session.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session of a node record of open-iscsi's database, and what the record says of it. Keys that are missing have the
 * defaults that open-iscsi compiles in; keys that mean nothing here are passed over. A value that cannot be taken is a
 * {@link CommandException} with open-iscsi's number for it wherever it is first used.
 *
 * @param sid the session's number on this host, 1 or more
 * @param record the record's keys and values, as {@code node.session.timeo.replacement_timeout} and {@code 120}; with
 *     secrets
 */
public record NodeSettings(int sid, Map<String, String> record) {

    /** Open-iscsi's number for a value that cannot be taken (ISCSI_ERR_INVAL). */
    private static final int INVALID = 7;

    /**
     * Seconds without progress after which a command is aborted; the kernel has them in sysfs (S-105, CR-31). No key of a
     * record, which the real iscsiadm would not read any more, but a setting of the host's {@code iscsid.conf}.
     */
    public static final String COMMAND_TIMEOUT = "lunbridge.command_timeout";

    /** {@code SIZE[,READAHEAD]} of each LUN's cache; a setting of the host's {@code iscsid.conf} for the same reason. */
    public static final String CACHE = "lunbridge.cache";

    private static final String SESSION = "node.session.";
    private static final String CONNECTION = "node.conn[0].";
    private static final int DEFAULT_NOOP_SECONDS = 5;
    private static final int DEFAULT_LOGIN_SECONDS = 30;
    private static final int DEFAULT_LOGOUT_SECONDS = 15;
    private static final int DEFAULT_RETRIES = 4;
    private static final int DEFAULT_UNIT_DEPTH = 32;
    private static final int DEFAULT_BURST_BYTES = 262_144;
    private static final int DEFAULT_MAX_BURST_BYTES = 16_776_192;

    public NodeSettings {
        record = Map.copyOf(record);
    }

    /** The same for a session of another number. */
    public NodeSettings withSid(int other) {
        return new NodeSettings(other, record);
    }

    /** A value of the record; null where it is not set. */
    public @Nullable String value(String key) {
        String value = record.get(key);
        return value == null || value.isEmpty() || value.equals("<empty>") ? null : value;
    }

    /** A value of the record, or what holds where it is not set. */
    public String value(String key, String otherwise) {
        String value = value(key);
        return value == null ? otherwise : value;
    }

    /**
     * A number of the record.
     *
     * @throws CommandException if it is none
     */
    public int number(String key, int otherwise) throws CommandException {
        String value = value(key);
        try {
            return value == null ? otherwise : Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw invalid("'" + value + "' is no whole number, as " + key + " must be", e);
        }
    }

    /** Where it logs in first. */
    public HostPort portal() throws CommandException {
        String host = value(CONNECTION + "address");
        if (host == null) {
            throw invalid("the record has no " + CONNECTION + "address", null);
        }
        return new HostPort(host, number(CONNECTION + "port", HostPort.ISCSI_PORT));
    }

    public String targetName() throws CommandException {
        String name = value("node.name");
        if (name == null || !LunUrl.isTargetName(name)) {
            throw invalid("the record's node.name is no iSCSI name", null);
        }
        return name;
    }

    /** The record's LUN of that number. */
    public LunUrl url(int lun) throws CommandException {
        return new LunUrl(null, null, portal(), targetName(), lun);
    }

    /** How much of each LUN is kept in memory. */
    public CacheSettings cache() throws CommandException {
        String text = value(CACHE);
        try {
            return text == null ? CacheSettings.NONE : CacheSettings.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid(CACHE + ": " + e.getMessage(), e);
        }
    }

    /** The name of the interface record that the session is bound to. */
    public String ifaceName() {
        return value("iface.iscsi_ifacename", "default");
    }

    /** For how long the first login is tried again; 0 for one attempt (M-121, CR-28). */
    public long initialLoginMillis() throws CommandException {
        return TimeUnit.SECONDS.toMillis(
                (long) number(SESSION + "initial_login_retry_max", DEFAULT_RETRIES) * loginSeconds());
    }

    /** How many sessions the record asks for. */
    public int sessions() throws CommandException {
        return Math.max(1, number(SESSION + "nr_sessions", 1));
    }

    /** Whether LUNs are attached as they are found. */
    public boolean scans() {
        return !value(SESSION + "scan", "auto").equals("manual");
    }

    /** How many logins in a row may fail once the session was lost; 0 for any number (R-35, M-122). */
    public int maxReopens() throws CommandException {
        return Math.max(0, number(SESSION + "reopen_max", 0));
    }

    /** Whether credentials are set that the record's authmethod says are not to be used. They are all the same. */
    public boolean hasUnaskedCredentials() {
        return value(SESSION + "auth.authmethod", "CHAP").equals("None") && credential("") != null;
    }

    private int loginSeconds() throws CommandException {
        int seconds = number(CONNECTION + "timeo.login_timeout", DEFAULT_LOGIN_SECONDS);
        return seconds <= 0 ? DEFAULT_LOGIN_SECONDS : seconds;
    }

    /** How to deal with the target. */
    public SessionSettings session() throws CommandException {
        RecoveryPolicy recovery = RecoveryPolicy.DEFAULT
                .withReplacementSeconds(
                        number(SESSION + "timeo.replacement_timeout", RecoveryPolicy.DEFAULT.replacementSeconds()))
                .withMaxLogins(maxReopens());
        try {
            DigestSettings digests = new DigestSettings(digest("HeaderDigest"), digest("DataDigest"));
            return new SessionSettings(recovery, timeouts(), digests, chap(), true);
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private DigestPreference digest(String key) {
        return DigestPreference.parse(value(CONNECTION + "iscsi." + key, "None"));
    }

    private Timeouts timeouts() throws CommandException {
        Timeouts.Ladder ladder = Timeouts.Ladder.DEFAULT;
        int logout = number(CONNECTION + "timeo.logout_timeout", DEFAULT_LOGOUT_SECONDS);
        int interval = number(CONNECTION + "timeo.noop_out_interval", DEFAULT_NOOP_SECONDS);
        int timeout = number(CONNECTION + "timeo.noop_out_timeout", DEFAULT_NOOP_SECONDS);
        if (interval > 0 && timeout <= 0) {
            timeout = DEFAULT_NOOP_SECONDS;
        } else if (timeout > 0 && interval <= 0) {
            interval = DEFAULT_NOOP_SECONDS;
        }
        return Timeouts.DEFAULT
                .withOpenMillis((int) TimeUnit.SECONDS.toMillis(loginSeconds()))
                .withLogoutMillis((int) TimeUnit.SECONDS.toMillis(logout <= 0 ? DEFAULT_LOGOUT_SECONDS : logout))
                .withPings(Math.max(0, interval), Math.max(0, timeout))
                .withLadder(ladder.withCommandSeconds(positive(COMMAND_TIMEOUT, ladder.commandSeconds()))
                        .withAbortSeconds(positive(SESSION + "err_timeo.abort_timeout", ladder.abortSeconds()))
                        .withLunResetSeconds(positive(SESSION + "err_timeo.lu_reset_timeout", ladder.lunResetSeconds()))
                        .withTargetResetSeconds(
                                positive(SESSION + "err_timeo.tgt_reset_timeout", ladder.targetResetSeconds()))
                        .withFastAbort(isYes(SESSION + "iscsi.FastAbort", true)));
    }

    private int positive(String key, int otherwise) throws CommandException {
        int number = number(key, otherwise);
        return number > 0 ? number : otherwise;
    }

    private boolean isYes(String key, boolean otherwise) {
        return value(key, otherwise ? "Yes" : "No").equals("Yes");
    }

    /** As open-iscsi does, credentials are used wherever they are set, whatever the record's authmethod says. */
    private ChapSettings chap() {
        List<ChapAlgorithm> algorithms = new ArrayList<>();
        for (String name : value(SESSION + "auth.chap_algs", "MD5").split("[, ]+", -1)) {
            algorithms.add(ChapAlgorithm.named(name));
        }
        ChapCredentials known = new ChapCredentials(credential(""), credential("_in"));
        return new ChapSettings(null, algorithms, Map.of(), known);
    }

    private @Nullable ChapCredential credential(String suffix) {
        String user = value(SESSION + "auth.username" + suffix);
        String secret = value(SESSION + "auth.password" + suffix);
        return user == null || secret == null ? null : ChapCredential.ofText(user, secret);
    }

    /** What the record asks for in the login itself (M-133), and how many commands may be out. */
    SessionConfig applyTo(SessionConfig config) throws CommandException {
        LoginParameters login = config.login();
        int cmdSn = number(SESSION + "initial_cmdsn", 0);
        try {
            LoginParameters own = new LoginParameters(
                    login.identity(),
                    offer(login.offer()),
                    login.authentication(),
                    cmdSn == 0 ? login.initialCmdSn() : cmdSn);
            return config.withLogin(own).withLimits(limits());
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()), e);
        }
    }

    private SessionConfig.Limits limits() throws CommandException {
        int commands = depth("cmds_max", SessionConfig.DEFAULT_QUEUE_DEPTH);
        int ofUnit = Math.min(commands, depth("queue_depth", DEFAULT_UNIT_DEPTH));
        return new SessionConfig.Limits(
                commands, ofUnit, Math.max(0, number(CONNECTION + "iscsi.MaxXmitDataSegmentLength", 0)));
    }

    private int depth(String key, int otherwise) throws CommandException {
        return Math.max(1, Math.min(number(SESSION + key, otherwise), SessionConfig.MAX_QUEUE_DEPTH));
    }

    private KeyOffer offer(KeyOffer digests) throws CommandException {
        int maxBurst = positive(SESSION + "iscsi.MaxBurstLength", DEFAULT_MAX_BURST_BYTES);
        int firstBurst = positive(SESSION + "iscsi.FirstBurstLength", DEFAULT_BURST_BYTES);
        return digests.with(Key.INITIAL_R2T, isYes(SESSION + "iscsi.InitialR2T", false) ? "Yes" : "No")
                .with(Key.IMMEDIATE_DATA, isYes(SESSION + "iscsi.ImmediateData", true) ? "Yes" : "No")
                .with(Key.MAX_BURST_LENGTH, maxBurst)
                .with(Key.FIRST_BURST_LENGTH, Math.min(firstBurst, maxBurst))
                .with(
                        Key.MAX_RECV_DATA_SEGMENT_LENGTH,
                        positive(CONNECTION + "iscsi.MaxRecvDataSegmentLength", DEFAULT_BURST_BYTES))
                .with(Key.MAX_OUTSTANDING_R2T, positive(SESSION + "iscsi.MaxOutstandingR2T", 1))
                .with(Key.DEFAULT_TIME2WAIT, number(SESSION + "iscsi.DefaultTime2Wait", 2))
                .with(Key.DEFAULT_TIME2RETAIN, number(SESSION + "iscsi.DefaultTime2Retain", 0))
                .with(Key.DATA_PDU_IN_ORDER, "Yes")
                .with(Key.DATA_SEQUENCE_IN_ORDER, "Yes");
    }

    static CommandException invalid(String message, @Nullable Throwable cause) {
        return new CommandException(INVALID, message + "; correct the record", cause);
    }

    /** Without the record, which holds secrets. */
    @Override
    public String toString() {
        return "session " + sid;
    }
}
