package io.lunbridge.records;

import static io.lunbridge.records.Types.ADDRESS;
import static io.lunbridge.records.Types.AUTHENTICATION;
import static io.lunbridge.records.Types.CHAP_ALGORITHMS;
import static io.lunbridge.records.Types.CREDENTIAL;
import static io.lunbridge.records.Types.INT;
import static io.lunbridge.records.Types.NO_YES;

import java.util.List;

/** The keys of discovery records (section 2.7 of the inventory). An iSNS record names its server by the same keys. */
final class DiscoveryKeys {

    static final String TYPE = "discovery.type";
    static final String ADDRESS_KEY = "discovery.sendtargets.address";
    static final String PORT = "discovery.sendtargets.port";

    private static final KeyType STARTUP = new KeyType.Choice(List.of("manual", "automatic"));
    private static final KeyType TYPES =
            new KeyType.Choice(List.of("sendtargets", "isns", "offload_send_targets", "slp", "static", "fw"));

    static final KeyTable SENDTARGETS = new KeyTable.Builder()
            .add(STARTUP, "discovery.startup", "manual")
            .fixed(TYPES, TYPE, "sendtargets")
            .fixed(ADDRESS, ADDRESS_KEY, "")
            .fixed(INT, PORT, "0")
            .add(AUTHENTICATION, "discovery.sendtargets.auth.authmethod", "None")
            .add(CREDENTIAL, "discovery.sendtargets.auth.username", "")
            .secret(CREDENTIAL, "discovery.sendtargets.auth.password")
            .hidden(INT, "discovery.sendtargets.auth.password_length")
            .add(CREDENTIAL, "discovery.sendtargets.auth.username_in", "")
            .secret(CREDENTIAL, "discovery.sendtargets.auth.password_in")
            .hidden(INT, "discovery.sendtargets.auth.password_in_length")
            .add(CHAP_ALGORITHMS, "node.session.auth.chap_algs", "MD5")
            .add(INT, "discovery.sendtargets.timeo.login_timeout", "15")
            .add(NO_YES, "discovery.sendtargets.use_discoveryd", "No")
            .add(INT, "discovery.sendtargets.discoveryd_poll_inval", "30")
            .add(INT, "discovery.sendtargets.reopen_max", "5")
            .add(INT, "discovery.sendtargets.timeo.auth_timeout", "45")
            .add(INT, "discovery.sendtargets.timeo.active_timeout", "30")
            .add(INT, "discovery.sendtargets.iscsi.MaxRecvDataSegmentLength", "32768")
            .build();

    static final KeyTable ISNS = new KeyTable.Builder()
            .add(STARTUP, "discovery.startup", "manual")
            .fixed(TYPES, TYPE, "isns")
            .fixed(ADDRESS, ADDRESS_KEY, "")
            .fixed(INT, PORT, "0")
            .add(NO_YES, "discovery.isns.use_discoveryd", "No")
            .add(INT, "discovery.isns.discoveryd_poll_inval", "-1")
            .build();

    private DiscoveryKeys() {}
}
