package io.lunbridge.iscsi.negotiation;

import static io.lunbridge.iscsi.negotiation.KeyFunction.AND;
import static io.lunbridge.iscsi.negotiation.KeyFunction.DECLARED;
import static io.lunbridge.iscsi.negotiation.KeyFunction.LIST;
import static io.lunbridge.iscsi.negotiation.KeyFunction.MAXIMUM;
import static io.lunbridge.iscsi.negotiation.KeyFunction.MINIMUM;
import static io.lunbridge.iscsi.negotiation.KeyFunction.OR;
import static io.lunbridge.iscsi.negotiation.KeyFunction.REQUEST;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of RFC 7143 section 13, AuthMethod of section 12, and iSCSIProtocolLevel of RFC 7144, as data. */
@SuppressWarnings("ImmutableEnumChecker") // its records are immutable, which the check knows only from an annotation
public enum Key {
    AUTH_METHOD("AuthMethod", LIST, "None", KeyBounds.NONE, KeyUse.SECURITY),
    HEADER_DIGEST("HeaderDigest", LIST, "None", KeyBounds.NONE, KeyUse.CONNECTION_LOGIN),
    DATA_DIGEST("DataDigest", LIST, "None", KeyBounds.NONE, KeyUse.CONNECTION_LOGIN),
    MAX_CONNECTIONS("MaxConnections", MINIMUM, "1", KeyBounds.COUNT, KeyUse.SESSION),
    SEND_TARGETS("SendTargets", REQUEST, "", KeyBounds.NONE, KeyUse.QUESTION),
    TARGET_NAME("TargetName", DECLARED, "", KeyBounds.NONE, KeyUse.NAME),
    INITIATOR_NAME("InitiatorName", DECLARED, "", KeyBounds.NONE, KeyUse.NAME),
    TARGET_ALIAS("TargetAlias", DECLARED, "", KeyBounds.NONE, KeyUse.TARGET_NEWS),
    INITIATOR_ALIAS("InitiatorAlias", DECLARED, "", KeyBounds.NONE, KeyUse.INITIATOR_NEWS),
    TARGET_ADDRESS("TargetAddress", DECLARED, "", KeyBounds.NONE, KeyUse.TARGET_NEWS),
    TARGET_PORTAL_GROUP_TAG("TargetPortalGroupTag", DECLARED, "", KeyBounds.TAG, KeyUse.TARGET_LOGIN_NEWS),
    INITIAL_R2T("InitialR2T", OR, "Yes", KeyBounds.NONE, KeyUse.SESSION),
    IMMEDIATE_DATA("ImmediateData", AND, "Yes", KeyBounds.NONE, KeyUse.SESSION),
    MAX_RECV_DATA_SEGMENT_LENGTH("MaxRecvDataSegmentLength", DECLARED, "8192", KeyBounds.LENGTH, KeyUse.CONNECTION),
    MAX_BURST_LENGTH("MaxBurstLength", MINIMUM, "262144", KeyBounds.LENGTH, KeyUse.SESSION),
    FIRST_BURST_LENGTH("FirstBurstLength", MINIMUM, "65536", KeyBounds.LENGTH, KeyUse.SESSION),
    DEFAULT_TIME2WAIT("DefaultTime2Wait", MAXIMUM, "2", KeyBounds.SECONDS, KeyUse.SESSION_AND_DISCOVERY),
    DEFAULT_TIME2RETAIN("DefaultTime2Retain", MINIMUM, "20", KeyBounds.SECONDS, KeyUse.SESSION_AND_DISCOVERY),
    MAX_OUTSTANDING_R2T("MaxOutstandingR2T", MINIMUM, "1", KeyBounds.COUNT, KeyUse.SESSION),
    DATA_PDU_IN_ORDER("DataPDUInOrder", OR, "Yes", KeyBounds.NONE, KeyUse.SESSION),
    DATA_SEQUENCE_IN_ORDER("DataSequenceInOrder", OR, "Yes", KeyBounds.NONE, KeyUse.SESSION),
    ERROR_RECOVERY_LEVEL("ErrorRecoveryLevel", MINIMUM, "0", KeyBounds.LEVEL, KeyUse.SESSION_AND_DISCOVERY),
    SESSION_TYPE("SessionType", DECLARED, "Normal", KeyBounds.NONE, KeyUse.SESSION_TYPE),
    TASK_REPORTING("TaskReporting", LIST, "RFC3720", KeyBounds.NONE, KeyUse.SESSION),
    PROTOCOL_LEVEL("iSCSIProtocolLevel", MINIMUM, "1", KeyBounds.PROTOCOL, KeyUse.SESSION);

    /** Keys of the predecessor standard that are to be answered with Reject, never NotUnderstood (section 13.25). */
    static final Set<String> OBSOLETE = Set.of("IFMarker", "OFMarker", "IFMarkInt", "OFMarkInt");

    private static final Map<String, Key> BY_TEXT = new HashMap<>();

    static {
        for (Key key : values()) {
            BY_TEXT.put(key.text, key);
        }
    }

    private final String text;
    private final KeyFunction function;
    private final String defaultValue;
    private final KeyBounds bounds;
    private final KeyUse use;

    Key(String text, KeyFunction function, String defaultValue, KeyBounds bounds, KeyUse use) {
        this.text = text;
        this.function = function;
        this.defaultValue = defaultValue;
        this.bounds = bounds;
        this.use = use;
    }

    /** The key as it is on the wire. */
    public String text() {
        return text;
    }

    public KeyFunction function() {
        return function;
    }

    /** The value if the key is never settled; empty if there is none. */
    public String defaultValue() {
        return defaultValue;
    }

    public KeyBounds bounds() {
        return bounds;
    }

    public KeyUse use() {
        return use;
    }

    /** The key of that exact name, or null. */
    public static @Nullable Key named(String text) {
        return BY_TEXT.get(text);
    }
}
