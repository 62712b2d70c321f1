package io.lunbridge.records;

import static io.lunbridge.records.Types.ADDRESS;
import static io.lunbridge.records.Types.AUTHENTICATION;
import static io.lunbridge.records.Types.CHAP_ALGORITHMS;
import static io.lunbridge.records.Types.CREDENTIAL;
import static io.lunbridge.records.Types.DIGEST;
import static io.lunbridge.records.Types.INT;
import static io.lunbridge.records.Types.ISCSI_NAME;
import static io.lunbridge.records.Types.NO_YES;
import static io.lunbridge.records.Types.STARTUP;

import java.util.List;

/** The keys of node records: rows of the inventory. */
final class NodeKeys {

    static final String NAME = "node.name";
    static final String TPGT = "node.tpgt";
    static final String STARTUP_KEY = "node.startup";
    static final String DISCOVERY_ADDRESS = "node.discovery_address";
    static final String DISCOVERY_PORT = "node.discovery_port";
    static final String DISCOVERY_TYPE = "node.discovery_type";
    static final String ADDRESS_KEY = "node.conn[0].address";
    static final String PORT = "node.conn[0].port";
    static final String CONNECTION_STARTUP = "node.conn[0].startup";

    private static final KeyType FOUND_BY =
            new KeyType.Choice(List.of("send_targets", "isns", "offload_send_targets", "slp", "static", "fw"));
    private static final KeyType SCAN = new KeyType.Choice(List.of("manual", "auto"));

    static final KeyTable IPV4 = table(IfaceKeys.IPV4_OF_NODE);
    static final KeyTable IPV6 = table(IfaceKeys.IPV6_OF_NODE);

    private NodeKeys() {}

    static KeyTable of(String ifaceName) {
        return IfaceKeys.isIpv6(ifaceName) ? IPV6 : IPV4;
    }

    private static KeyTable table(KeyTable iface) {
        KeyTable.Builder keys = new KeyTable.Builder()
                .fixed(ISCSI_NAME, NAME, "")
                .fixed(INT, TPGT, "-1")
                .add(STARTUP, STARTUP_KEY, "manual")
                .add(NO_YES, "node.leading_login", "No")
                .addAll(iface)
                .fixed(ADDRESS, DISCOVERY_ADDRESS, "")
                .fixed(INT, DISCOVERY_PORT, "0")
                .fixed(FOUND_BY, DISCOVERY_TYPE, "static");
        addSession(keys);
        addAuthentication(keys);
        addTimeouts(keys);
        addNegotiation(keys);
        addConnection(keys);
        return keys.build().filedFrom("node.leading_login", IfaceKeys.FIRST_IN_NODE_FILES);
    }

    private static void addSession(KeyTable.Builder keys) {
        keys.add(INT, "node.session.initial_cmdsn", "0")
                .add(INT, "node.session.initial_login_retry_max", "4")
                .add(INT, "node.session.xmit_thread_priority", "-20")
                .add(INT, "node.session.cmds_max", "128")
                .add(INT, "node.session.queue_depth", "32")
                .add(INT, "node.session.nr_sessions", "1");
    }

    private static void addAuthentication(KeyTable.Builder keys) {
        keys.add(AUTHENTICATION, "node.session.auth.authmethod", "None")
                .add(CREDENTIAL, "node.session.auth.username", "")
                .secret(CREDENTIAL, "node.session.auth.password")
                .hidden(INT, "node.session.auth.password_length")
                .add(CREDENTIAL, "node.session.auth.username_in", "")
                .secret(CREDENTIAL, "node.session.auth.password_in")
                .hidden(INT, "node.session.auth.password_in_length")
                .add(CHAP_ALGORITHMS, "node.session.auth.chap_algs", "MD5");
    }

    private static void addTimeouts(KeyTable.Builder keys) {
        keys.add(INT, "node.session.timeo.replacement_timeout", "120")
                .add(INT, "node.session.err_timeo.abort_timeout", "15")
                .add(INT, "node.session.err_timeo.lu_reset_timeout", "30")
                .add(INT, "node.session.err_timeo.tgt_reset_timeout", "30")
                .add(INT, "node.session.err_timeo.host_reset_timeout", "60");
    }

    private static void addNegotiation(KeyTable.Builder keys) {
        keys.add(NO_YES, "node.session.iscsi.FastAbort", "Yes")
                .add(NO_YES, "node.session.iscsi.InitialR2T", "No")
                .add(NO_YES, "node.session.iscsi.ImmediateData", "Yes")
                .add(INT, "node.session.iscsi.FirstBurstLength", "262144")
                .add(INT, "node.session.iscsi.MaxBurstLength", "16776192")
                .add(INT, "node.session.iscsi.DefaultTime2Retain", "0")
                .add(INT, "node.session.iscsi.DefaultTime2Wait", "2")
                .add(INT, "node.session.iscsi.MaxConnections", "1")
                .add(INT, "node.session.iscsi.MaxOutstandingR2T", "1")
                .add(INT, "node.session.iscsi.ERL", "0")
                .add(SCAN, "node.session.scan", "auto")
                .add(INT, "node.session.reopen_max", "0");
    }

    private static void addConnection(KeyTable.Builder keys) {
        keys.fixed(ADDRESS, ADDRESS_KEY, "")
                .fixed(INT, PORT, "3260")
                .add(STARTUP, CONNECTION_STARTUP, "manual")
                .add(INT, "node.conn[0].tcp.window_size", "524288")
                .add(INT, "node.conn[0].tcp.type_of_service", "0")
                .add(INT, "node.conn[0].timeo.logout_timeout", "15")
                .add(INT, "node.conn[0].timeo.login_timeout", "30")
                .add(INT, "node.conn[0].timeo.auth_timeout", "45")
                .add(INT, "node.conn[0].timeo.noop_out_interval", "5")
                .add(INT, "node.conn[0].timeo.noop_out_timeout", "5")
                .add(INT, "node.conn[0].iscsi.MaxXmitDataSegmentLength", "0")
                .add(INT, "node.conn[0].iscsi.MaxRecvDataSegmentLength", "262144")
                .add(DIGEST, "node.conn[0].iscsi.HeaderDigest", "None")
                .add(DIGEST, "node.conn[0].iscsi.DataDigest", "None")
                .add(NO_YES, "node.conn[0].iscsi.IFMarker", "No")
                .add(NO_YES, "node.conn[0].iscsi.OFMarker", "No");
    }
}
